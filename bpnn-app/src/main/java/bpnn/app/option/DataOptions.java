package bpnn.app.option;

import bpnn.app.session.Session;
import bpnn.data.DataException;
import bpnn.mnist.DataSplit;
import bpnn.mnist.IdxFolder;
import bpnn.mnist.MnistSource;
import bpnn.mnist.SyntheticDigits;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which images. */
public final class DataOptions {
    private static final int SYNTHETIC_TRAIN = 60_000;
    private static final int SYNTHETIC_TEST = 10_000;

    /** The synthetic digits are a data set like any other: the same images for every seed of the training. */
    private static final long SYNTHETIC_SEED = 1;

    @Option(
            names = "--dataset",
            paramLabel = "mnist|synthetic|auto|DIR",
            defaultValue = "auto",
            description =
                    "Images: mnist; synthetic: drawn by the program; auto: MNIST if it is in --data-dir or the cache"
                            + " or can be downloaded, else synthetic, with a notice; or a folder with four IDX files, packed or not (default:"
                            + " ${DEFAULT-VALUE}).")
    private String dataset = "auto";

    @Option(names = "--data-dir", paramLabel = "DIR", description = "Folder with MNIST's four files, packed or not.")
    private @Nullable Path dataDir;

    @Option(names = "--offline", fallbackValue = "true", description = "Download nothing.")
    private boolean offline;

    /**
     * Loads the images that were asked for.
     *
     * @throws DataException if they cannot be had; only {@code auto} falls back, with a notice
     */
    public DataSplit load(Session session) {
        return switch (dataset.toLowerCase(Locale.ROOT)) {
            case "synthetic" -> synthetic();
            case "mnist" -> mnist(session);
            case "auto" -> auto(session);
            default -> IdxFolder.load(PathConverter.path("--dataset", dataset));
        };
    }

    private static DataSplit synthetic() {
        return SyntheticDigits.generate(SYNTHETIC_SEED, SYNTHETIC_TRAIN, SYNTHETIC_TEST);
    }

    private DataSplit mnist(Session session) {
        MnistSource source = new MnistSource();
        Optional<DataSplit> found = source.find(dataDir);
        if (found.isPresent()) {
            return found.get();
        }
        if (offline) {
            throw new DataException("MNIST is missing: " + offlineReason(source));
        }
        return download(source, session);
    }

    private DataSplit auto(Session session) {
        MnistSource source = new MnistSource();
        Optional<DataSplit> found = source.find(dataDir);
        if (found.isPresent()) {
            return found.get();
        }
        String why = offlineReason(source);
        if (!offline) {
            try {
                return download(source, session);
            } catch (DataException e) {
                why = e.getMessage();
            }
        }
        session.warning("Training on synthetic digits drawn by the program, not on MNIST: " + why);
        return synthetic();
    }

    private String offlineReason(MnistSource source) {
        return "it is not in " + (dataDir == null ? "" : dataDir + " or in ") + "the cache " + source.cache()
                + ", and --offline forbids a download.";
    }

    private static DataSplit download(MnistSource source, Session session) {
        session.notice("MNIST is not here yet; downloading it to " + source.cache() + ".");
        return source.download(new DownloadLines(session));
    }
}
