package bpnn.app.command;

import bpnn.app.option.AugmentationOptions;
import bpnn.app.option.BackendOptions;
import bpnn.app.option.DataOptions;
import bpnn.app.option.Desktop;
import bpnn.app.option.DownloadLines;
import bpnn.app.option.ForeignModelOptions;
import bpnn.app.option.OutputCheck;
import bpnn.app.option.UsageException;
import bpnn.app.session.ExitCode;
import bpnn.app.session.Session;
import bpnn.data.Dataset;
import bpnn.images.DatasetStore;
import bpnn.images.Inspection;
import bpnn.images.KnownDataset;
import bpnn.io.image.ContactSheet;
import bpnn.io.image.DistortedImages;
import bpnn.io.model.Model;
import bpnn.mnist.DataSplit;
import bpnn.spi.Distortion;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Where the images are, and what is in them. */
@Command(
        name = "data",
        description =
                "Says where MNIST or another data set is (status, also without a further word), lists those that are"
                        + " known by name, fetches one, says what is in one, or draws it.")
public final class DataCommand implements Callable<Integer> {
    private static final int MAX_COLUMNS = 200;
    private static final String MNIST = "mnist";
    private static final double MEGABYTE = 1e6;

    private final Session session;

    public DataCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        return status(MNIST, null);
    }

    @Command(
            name = "status",
            description =
                    "Looks for a data set that is known by name, checks its files against the checksums of the original,"
                            + " and says under which terms it may be used.")
    int status(
            @Parameters(
                            paramLabel = "NAME",
                            arity = "0..1",
                            defaultValue = MNIST,
                            description = "Its name (default: ${DEFAULT-VALUE}).")
                    String name,
            @Option(names = "--data-dir", paramLabel = "DIR", description = "Folder to look in before the cache.")
                    @Nullable
                    Path dataDir) {
        DatasetStore store = store(name);
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("cache", store.cache().toString());
        Optional<Path> place = store.locate(dataDir);
        Optional<DataSplit> found = store.find(dataDir);
        json.put("found", found.isPresent());
        json.put("licence", store.known().licence())
                .put("citation", store.known().citation());
        String terms = "\nLicence: " + store.known().licence() + "\nTo cite: "
                + store.known().citation();
        if (place.isEmpty() || found.isEmpty()) {
            String word = name.equals(MNIST) ? "" : " " + store.known().id();
            session.result(
                    store.known().name() + " is not here; ./bpnn data download" + word + " puts it into "
                            + store.cache() + "." + terms,
                    json);
            return ExitCode.DONE;
        }
        describe(found.get(), json.put("folder", place.get().toString()));
        session.result(text(store, place.get(), found.get()) + terms, json);
        return ExitCode.DONE;
    }

    @Command(name = "list", description = "Lists the data sets that are known by name, and which are here.")
    int list() {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%-16s %7s %10s %10s %9s  %s%n",
                "name",
                "classes",
                "images",
                "pixels",
                "download",
                "where"));
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode all = json.putArray("datasets");
        for (KnownDataset known : KnownDataset.ALL) {
            Optional<Path> place = new DatasetStore(known).locate(null);
            KnownDataset.Facts facts = known.facts();
            text.append(String.format(
                    Locale.ROOT,
                    "%-16s %7d %10s %10s %6.0f MB  %s%n",
                    known.id(),
                    facts.classes(),
                    Math.round(facts.trainImages() / 1000.0) + "+" + Math.round(facts.testImages() / 1000.0) + " k",
                    facts.shape(),
                    Math.ceil(known.bytes() / MEGABYTE),
                    place.map(Path::toString)
                            .orElse("from " + known.mirrors().get(0).getHost())));
            ObjectNode item = all.addObject().put("name", known.id()).put("title", known.title());
            item.put("classes", facts.classes()).put("trainImages", facts.trainImages());
            item.put("testImages", facts.testImages())
                    .put("shape", facts.shape().toString());
            item.put("downloadBytes", known.bytes()).put("here", place.isPresent());
            item.put("folder", place.map(Path::toString).orElse(null));
            known.mirrors().forEach(mirror -> item.withArray("mirrors").add(mirror.toString()));
            item.put("licence", known.licence()).put("citation", known.citation());
        }
        session.result(text.toString().stripTrailing(), json);
        return ExitCode.DONE;
    }

    @Command(name = "download", description = "Fetches a data set into the cache, unless it is there.")
    int download(
            @Parameters(
                            paramLabel = "NAME",
                            arity = "0..1",
                            defaultValue = MNIST,
                            description = "Its name (default: ${DEFAULT-VALUE}).")
                    String name) {
        DatasetStore store = store(name);
        DataSplit split = store.download(new DownloadLines(session));
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        describe(split, json.put("folder", store.cache().toString()));
        session.result(text(store, store.cache(), split), json);
        return ExitCode.DONE;
    }

    @Command(
            name = "inspect",
            description =
                    "Says what is in a data set: its classes and their images, sizes, mean and spread, images that are there"
                            + " twice or show nothing; with a model, labels that may be wrong.")
    int inspect(
            @Parameters(paramLabel = "DIR", arity = "0..1", description = "The same as --dataset.") @Nullable
                    String place,
            @Mixin DataOptions data,
            @Option(
                            names = "--model",
                            paramLabel = "FILE",
                            description =
                                    "Trained network; images that it takes for another class with great certainty are"
                                            + " listed as suspects.")
                    @Nullable
                    Path modelFile,
            @Option(
                            names = "--sheets",
                            paramLabel = "DIR",
                            description = "Folder for a picture of each class with its first images.")
                    @Nullable
                    Path sheets,
            @Mixin ForeignModelOptions foreign,
            @Mixin BackendOptions backends) {
        if (sheets != null) {
            Desktop.require("A sheet of images");
            OutputCheck.folder("The folder for sheets", sheets);
        }
        if (place != null) {
            data.name(place);
        }
        Model model = modelFile == null ? null : foreign.read(modelFile, session);
        DataSplit split =
                data.load(session, model == null ? null : model.format().shape());
        InspectionReport report = new InspectionReport(split, Inspection.of(split));
        if (model != null) {
            report.suspect(model, backends, session);
        }
        if (sheets != null) {
            report.drawSheets(sheets);
        }
        session.result(report.text(), report.json());
        return ExitCode.DONE;
    }

    @Command(
            name = "sheet",
            description =
                    "Draws images of a data set, a row for each class, into a PNG file; with --augment, an image of each"
                            + " class and what becomes of it in one epoch after the other.")
    int sheet(
            @Mixin DataOptions data,
            @Mixin AugmentationOptions augmentation,
            @Option(
                            names = "--seed",
                            paramLabel = "S",
                            defaultValue = "1",
                            description = "Decides how images are distorted (default: ${DEFAULT-VALUE}).")
                    long seed,
            @Option(names = "--out", paramLabel = "FILE.png", required = true, description = "File to write.") Path out,
            @Option(
                            names = "--columns",
                            paramLabel = "N",
                            defaultValue = "20",
                            description = "Images of each class (default: ${DEFAULT-VALUE}).")
                    int columns) {
        if (columns < 1 || columns > MAX_COLUMNS) {
            throw new UsageException("--columns is " + columns + ", but must be between 1 and " + MAX_COLUMNS + ".");
        }
        augmentation.check();
        Desktop.require("A sheet of images");
        OutputCheck.file(out);
        DataSplit split = data.load(session);
        Distortion distortion = augmentation.distortion();
        Dataset shown =
                distortion.isNone() ? split.train() : DistortedImages.samples(split.train(), distortion, seed, columns);
        ContactSheet.write(shown, columns, out);
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        describe(split, json.put("file", out.toString()));
        session.result("Images of " + split.train().name() + " are drawn in " + out + ".", json);
        return ExitCode.DONE;
    }

    private static DatasetStore store(String name) {
        return new DatasetStore(KnownDataset.named(name)
                .orElseThrow(() -> new UsageException("No data set is known by the name " + name + "; there are "
                        + KnownDataset.ALL.stream().map(KnownDataset::id).collect(Collectors.joining(", ")) + ".")));
    }

    private static String text(DatasetStore store, Path folder, DataSplit split) {
        return store.known().name() + " is in " + folder + ": " + split.train().size() + " training images, "
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
