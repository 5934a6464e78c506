package bpnn.app.option;

import bpnn.app.session.Session;
import bpnn.data.DataException;
import bpnn.data.ImageShape;
import bpnn.images.DatasetStore;
import bpnn.images.ImageSets;
import bpnn.images.ImageSize;
import bpnn.images.KnownDataset;
import bpnn.images.ReadOptions;
import bpnn.mnist.DataSplit;
import bpnn.mnist.SyntheticDigits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Which images. */
public final class DataOptions {
    private static final int SYNTHETIC_TRAIN = 60_000;
    private static final int SYNTHETIC_TEST = 10_000;

    /** The synthetic digits are a data set like any other: the same images for every seed of the training. */
    private static final long SYNTHETIC_SEED = 1;

    private static final String SYNTHETIC = "synthetic";

    /** The name for whatever there is. */
    public static final String AUTO = "auto";

    private static final String LABEL = "NAME|DIR|FILE";

    @Option(
            names = "--dataset",
            paramLabel = LABEL,
            defaultValue = AUTO,
            description =
                    "Images: mnist, fashion-mnist, kmnist, qmnist, emnist-letters, emnist-balanced or cifar-10; synthetic:"
                            + " digits drawn by the program; auto: MNIST if it is in --data-dir or the cache or can be"
                            + " downloaded, else synthetic, with a notice; or a folder or file of one's own: IDX files, a folder"
                            + " of pictures for each class, CSV, npz, CIFAR's batches (default: ${DEFAULT-VALUE}).")
    private String dataset = AUTO;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Folder with the published files of the data set that --dataset names, packed or not.")
    private @Nullable Path dataDir;

    @Option(names = "--offline", fallbackValue = "true", description = "Download nothing.")
    private boolean offline;

    @Option(
            names = "--image-size",
            paramLabel = "HxW",
            converter = SizeConverter.class,
            description =
                    "Size that pictures of a folder are brought to, such as 32 or 28x28, with x1 for grey or x3 for colour"
                            + " behind it (default: their own up to 64x64 if they agree, else 32x32).")
    private @Nullable ImageSize size;

    @Option(
            names = "--split-seed",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "What test images are drawn by, where a data set has none of its own; the same for every training,"
                            + " so that all are judged by the same ones (default: ${DEFAULT-VALUE}).")
    private long splitSeed = ReadOptions.SPLIT_SEED;

    /** From what a user typed to a size. */
    static final class SizeConverter implements ITypeConverter<ImageSize> {
        @Override
        public ImageSize convert(String value) {
            try {
                return ImageSize.parse(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(
                        "'" + value + "' is no size; rows x columns are expected, such as 32, 28x28 or 32x32x3");
            }
        }
    }

    /** Asks for other images than the option says. */
    public void name(String place) {
        dataset = place;
    }

    /** Which images the option asks for. */
    public String name() {
        return dataset;
    }

    /** The names of the data sets that need not be downloaded. */
    public List<String> found() {
        List<String> names = new ArrayList<>();
        for (KnownDataset known : KnownDataset.ALL) {
            if (isHere(new DatasetStore(known))) {
                names.add(known.id());
            }
        }
        names.add(SYNTHETIC);
        return names;
    }

    /** A folder that has some of the files, or is none, has no data set. */
    private boolean isHere(DatasetStore store) {
        try {
            return store.locate(dataDir).isPresent();
        } catch (DataException e) {
            return false;
        }
    }

    /**
     * Loads the images that were asked for, and passes on what is to be said of them.
     *
     * @throws DataException if they cannot be had; only {@code auto} falls back, with a notice
     */
    public DataSplit load(Session session) {
        return load(session, null);
    }

    /**
     * Likewise, for a trained network.
     *
     * @param taken the images that it takes, to which pictures are brought unless an option says otherwise
     */
    public DataSplit load(Session session, @Nullable ImageShape taken) {
        DataSplit images = images(session, taken);
        images.warnings().forEach(session::warning);
        ImageShape shape = images.train().format().shape();
        if (size != null && (size.height() != shape.height() || size.width() != shape.width())) {
            session.warning("The images of " + images.train().name() + " are " + shape + " pixels; --image-size is for"
                    + " pictures of a folder and for tables, and was not applied.");
        }
        return images;
    }

    private DataSplit images(Session session, @Nullable ImageShape taken) {
        String name = dataset.toLowerCase(Locale.ROOT);
        if (name.equals(SYNTHETIC)) {
            return synthetic();
        }
        if (name.equals(AUTO)) {
            return auto(session);
        }
        Optional<KnownDataset> known = KnownDataset.named(name);
        if (known.isPresent()) {
            return known(new DatasetStore(known.get()), session);
        }
        Path place = PathConverter.path("--dataset", dataset);
        boolean pictures = ImageSets.isOfPictures(place);
        if (pictures) {
            Desktop.require("A folder of pictures");
        }
        ImageSize wanted = size != null || taken == null || !pictures ? size : ImageSize.of(taken);
        Path cache = ReadOptions.standard().cache();
        return ImageSets.load(place, new ReadOptions(wanted, splitSeed, cache, session::notice));
    }

    private static DataSplit synthetic() {
        return SyntheticDigits.generate(SYNTHETIC_SEED, SYNTHETIC_TRAIN, SYNTHETIC_TEST);
    }

    private DataSplit known(DatasetStore store, Session session) {
        Optional<DataSplit> found = store.find(dataDir);
        if (found.isPresent()) {
            return found.get();
        }
        if (offline) {
            throw new DataException(store.known().name() + " is missing: " + offlineReason(store));
        }
        return download(store, session);
    }

    private DataSplit auto(Session session) {
        DatasetStore store = new DatasetStore(KnownDataset.MNIST);
        Optional<DataSplit> found = store.find(dataDir);
        if (found.isPresent()) {
            return found.get();
        }
        String why = offlineReason(store);
        if (!offline) {
            try {
                return download(store, session);
            } catch (DataException e) {
                why = e.getMessage();
            }
        }
        session.warning("Training on synthetic digits drawn by the program, not on MNIST: " + why);
        return synthetic();
    }

    private String offlineReason(DatasetStore store) {
        return "it is not in " + (dataDir == null ? "" : dataDir + " or in ") + "the cache " + store.cache()
                + ", and --offline forbids a download.";
    }

    private static DataSplit download(DatasetStore store, Session session) {
        session.notice(store.known().name() + " is not here yet; downloading it to " + store.cache() + ".");
        return store.download(new DownloadLines(session));
    }
}
