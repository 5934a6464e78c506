package bpnn.app.command;

import bpnn.app.option.DataOptions;
import bpnn.app.option.Desktop;
import bpnn.app.option.DownloadLines;
import bpnn.app.option.OutputCheck;
import bpnn.app.option.UsageException;
import bpnn.app.session.ExitCode;
import bpnn.app.session.Session;
import bpnn.io.image.ContactSheet;
import bpnn.mnist.DataSplit;
import bpnn.mnist.MnistSource;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where the images are. */
@Command(
        name = "data",
        description = "Says where MNIST is (status, also without a further word), fetches it, or draws a data set.")
public final class DataCommand implements Callable<Integer> {
    private static final int MAX_COLUMNS = 200;

    private final Session session;

    public DataCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        return status(null);
    }

    @Command(
            name = "status",
            description = "Looks for MNIST, and checks its files against the checksums of the original.")
    int status(
            @Option(names = "--data-dir", paramLabel = "DIR", description = "Folder to look in before the cache.")
                    @Nullable
                    Path dataDir) {
        MnistSource source = new MnistSource();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("cache", source.cache().toString());
        Optional<Path> place = source.locate(dataDir);
        Optional<DataSplit> found = source.find(dataDir);
        json.put("found", found.isPresent());
        if (place.isEmpty() || found.isEmpty()) {
            session.result("MNIST is not here; ./bpnn data download puts it into " + source.cache() + ".", json);
            return ExitCode.DONE;
        }
        describe(found.get(), json.put("folder", place.get().toString()));
        session.result(text(place.get(), found.get()), json);
        return ExitCode.DONE;
    }

    @Command(name = "download", description = "Fetches MNIST into the cache, unless it is there.")
    int download() {
        MnistSource source = new MnistSource();
        DataSplit split = source.download(new DownloadLines(session));
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        describe(split, json.put("folder", source.cache().toString()));
        session.result(text(source.cache(), split), json);
        return ExitCode.DONE;
    }

    @Command(name = "sheet", description = "Draws images of a data set, a row for each digit, into a PNG file.")
    int sheet(
            @Mixin DataOptions data,
            @Option(names = "--out", paramLabel = "FILE.png", required = true, description = "File to write.") Path out,
            @Option(
                            names = "--columns",
                            paramLabel = "N",
                            defaultValue = "20",
                            description = "Images of each digit (default: ${DEFAULT-VALUE}).")
                    int columns) {
        if (columns < 1 || columns > MAX_COLUMNS) {
            throw new UsageException("--columns is " + columns + ", but must be between 1 and " + MAX_COLUMNS + ".");
        }
        Desktop.require("A sheet of images");
        OutputCheck.file(out);
        DataSplit split = data.load(session);
        ContactSheet.write(split.train(), columns, out);
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        describe(split, json.put("file", out.toString()));
        session.result("Images of " + split.train().name() + " are drawn in " + out + ".", json);
        return ExitCode.DONE;
    }

    private static String text(Path folder, DataSplit split) {
        return "MNIST is in " + folder + ": " + split.train().size() + " training images, "
                + split.test().size() + " test images; all checksums match the original's.";
    }

    private static void describe(DataSplit split, ObjectNode json) {
        json.put("name", split.train().name());
        json.put("trainImages", split.train().size());
        json.put("testImages", split.test().size());
        json.put("trainSha256", split.trainSha256());
        json.put("testSha256", split.testSha256());
    }
}
