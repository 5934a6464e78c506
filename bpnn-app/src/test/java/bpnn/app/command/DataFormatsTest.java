package bpnn.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.app.Cli;
import bpnn.app.OnnxComparison;
import bpnn.app.session.ExitCode;
import bpnn.data.Dataset;
import bpnn.images.ImageSets;
import bpnn.images.ReadOptions;
import bpnn.images.SampleSets;
import bpnn.io.model.LoadedModel;
import bpnn.io.model.Model;
import bpnn.mnist.DataSplit;
import bpnn.mnist.SyntheticDigits;
import bpnn.spi.ReferenceBackend;
import bpnn.web.DrawingServer;
import bpnn.web.ServedModel;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every command on data sets as people have them, in the formats in which they are published. */
class DataFormatsTest {
    private static final Map<String, Function<Path, Path>> WRITERS = Map.of(
            "fashion", SampleSets::fashion,
            "letters", SampleSets::emnistLetters,
            "qmnist", SampleSets::qmnist,
            "cifar", SampleSets::cifar10,
            "medmnist", SampleSets::medMnist,
            "kaggle", SampleSets::kaggleCsv,
            "folder", SampleSets::imageFolder);

    private static final Pattern GALLERY =
            Pattern.compile(": a ([^\"]*) that was read as ([^\"]*)\"><span><b>(.*?)</b> read as <b>(.*?)</b>");

    @TempDir
    static Path folder;

    private static String cache;

    @BeforeAll
    static void keepTheUsersCache() {
        cache = System.getProperty("bpnn.cache");
        System.setProperty("bpnn.cache", folder.resolve("cache").toString());
    }

    @AfterAll
    static void restore() {
        if (cache == null) {
            System.clearProperty("bpnn.cache");
        } else {
            System.setProperty("bpnn.cache", cache);
        }
    }

    private static Cli ok(Object... arguments) {
        Cli cli = Cli.run(arguments);
        assertThat(cli.exitCode()).as(cli.err()).isZero();
        return cli;
    }

    @ParameterizedTest
    @ValueSource(strings = {"fashion", "letters", "qmnist", "cifar", "medmnist", "kaggle", "folder"})
    void everyCommandWorksOnIt(String kind) throws Exception {
        Path place = WRITERS.get(kind).apply(folder.resolve(kind));
        DataSplit data = ImageSets.load(place, ReadOptions.standard());
        List<String> classes = data.train().classNames();
        Path run = folder.resolve("run-" + kind);
        Path model = run.resolve("model.safetensors");

        JsonNode trained = ok(
                        "train",
                        "--backend=cpu",
                        "--dataset=" + place,
                        "--out=" + run,
                        "--hidden=32",
                        "--batch-size=20",
                        "--epochs=12",
                        "--json",
                        "--quiet")
                .json();

        assertThat(trained.get("testAccuracy").doubleValue())
                .as("the stripes are learnt")
                .isGreaterThan(2.5 / classes.size());
        JsonNode images =
                new ObjectMapper().readTree(run.resolve("run.json").toFile()).get("images");
        assertThat(texts(images.get("classes"))).isEqualTo(classes);
        assertThat(images.get("shape").textValue())
                .isEqualTo(data.train().format().shape().toString());
        assertThat(Model.read(model, line -> {}).format())
                .isEqualTo(data.train().format());

        JsonNode eval = ok("eval", "--backend=cpu", "--model", model, "--dataset", place, "--json")
                .json();
        assertThat(eval.get("accuracy")).isEqualTo(trained.get("testAccuracy"));
        assertThat(texts(eval.get("classes"))).isEqualTo(classes);
        assertThat(ok("eval", "--backend=cpu", "--model", model, "--dataset", place)
                        .out())
                .contains(classes.size() > 12 ? "Least often read rightly: " : "read as");

        predict(model, place, data.test());
        serve(model, data.test());

        Path onnx = run.resolve("model.onnx");
        ok("export", "--model", model, "--onnx", onnx);
        OnnxComparison.compare(model, onnx, data.test());
    }

    /** A picture of a test image is that test image. */
    private static void predict(Path model, Path place, Dataset test) {
        Path picture = SampleSets.picture(folder.resolve("first.png"), test, 0);

        JsonNode predictions = ok(
                        "predict",
                        "--backend=cpu",
                        "--model",
                        model,
                        "--dataset",
                        place,
                        "--index=0",
                        picture,
                        "--json")
                .json()
                .get("predictions");

        assertThat(predictions.get(0).get("probabilities"))
                .isEqualTo(predictions.get(1).get("probabilities"))
                .hasSize(test.classes());
        assertThat(predictions.get(0).get("class").textValue())
                .isEqualTo(test.classNames().get(predictions.get(0).get("digit").intValue()));
    }

    private static void serve(Path file, Dataset test) throws IOException, InterruptedException {
        Model model = Model.read(file, line -> {});
        try (ReferenceBackend backend = new ReferenceBackend();
                LoadedModel loaded = LoadedModel.forSingleImages(backend, model);
                DrawingServer server = new DrawingServer(
                        new InetSocketAddress("127.0.0.1", 0),
                        "127.0.0.1",
                        List.of(new ServedModel("it", model, loaded)),
                        fault -> {
                            throw new AssertionError(fault);
                        })) {
            URI page = URI.create("http://127.0.0.1:" + server.port() + "/");
            JsonNode told = json(HttpRequest.newBuilder(page.resolve("models")));
            assertThat(texts(told.get("models").get(0).get("classes"))).isEqualTo(test.classNames());
            assertThat(told.get("channels").intValue())
                    .isEqualTo(test.format().shape().channels());
            JsonNode drawn = json(HttpRequest.newBuilder(page.resolve("read"))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{\"strokes\": [[0.2, 0.2, 0.8, 0.7]]}")));
            assertThat(drawn.get("pixels")).hasSize(test.features());
            JsonNode shown = json(HttpRequest.newBuilder(page.resolve("picture"))
                    .header("Content-Type", "application/octet-stream")
                    .POST(HttpRequest.BodyPublishers.ofFile(folder.resolve("first.png"))));
            for (int i = 0; i < test.features(); i++) {
                assertThat(shown.get("pixels").get(i).intValue()).isEqualTo(test.pixels()[i] & 0xFF);
            }
            assertThat(shown.get("readings").get(0).get("probabilities")).hasSize(test.classes());
        }
    }

    private static JsonNode json(HttpRequest.Builder request) throws IOException, InterruptedException {
        return new ObjectMapper()
                .readTree(HttpClient.newHttpClient()
                        .send(request.build(), BodyHandlers.ofString())
                        .body());
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.textValue()));
        return texts;
    }

    @ParameterizedTest
    @ValueSource(strings = {"fashion", "letters", "qmnist", "cifar", "medmnist", "kaggle", "folder"})
    void anExperimentNamesTheClasses(String kind) throws IOException {
        Path place = WRITERS.get(kind).apply(folder.resolve("experiment-" + kind));
        Path out = folder.resolve("report-" + kind);

        ok(
                "experiment",
                "scaling",
                "--backend=cpu",
                "--dataset=" + place,
                "--seeds=1",
                "--epochs=1",
                "--hidden=16",
                "--out=" + out,
                "--quiet");

        String report = Files.readString(out.resolve("report.html"));
        List<String> names =
                ImageSets.load(place, ReadOptions.standard()).train().classNames();
        names.forEach(name -> assertThat(report).contains(">" + name + "<"));
        List<String> misread = GALLERY.matcher(report)
                .results()
                .flatMap(image -> Stream.of(image.group(1), image.group(2), image.group(3), image.group(4)))
                .toList();
        assertThat(misread).isNotEmpty();
        for (int i = 0; i < misread.size(); i += 4) {
            assertThat(misread.subList(i, i + 2))
                    .isEqualTo(misread.subList(i + 2, i + 4))
                    .isSubsetOf(names);
        }
        assertThat(report)
                .contains(
                        kind.equals("letters")
                                        || kind.equals("cifar")
                                        || kind.equals("folder")
                                        || kind.equals("medmnist")
                                ? "of each class"
                                : "of each digit");
    }

    @Test
    void theSameDigitsGiveTheSameWeightsInEveryFormat() {
        DataSplit digits = SyntheticDigits.generate(3, 240, 60);
        Path png = folder.resolve("same/png");
        SampleSets.pictures(png.resolve("train"), digits.train(), "");
        SampleSets.pictures(png.resolve("test"), digits.test(), "");
        Path same = folder.resolve("same");
        TreeSet<String> hashes = new TreeSet<>();
        for (Path place : List.of(
                SampleSets.idx(made(same.resolve("idx")), digits.train(), digits.test()),
                SampleSets.plainCsv(made(same.resolve("csv")), digits.train(), digits.test()),
                SampleSets.kerasNpz(same.resolve("digits.npz"), digits.train(), digits.test()),
                png)) {
            hashes.add(ok(
                            "train",
                            "--backend=cpu",
                            "--dataset=" + place,
                            "--hidden=12",
                            "--epochs=2",
                            "--batch-norm",
                            "--dropout=0.2",
                            "--json",
                            "--quiet",
                            "--out=" + folder.resolve("same-" + place.getFileName()))
                    .json()
                    .get("weightsSha256")
                    .textValue());
        }
        assertThat(hashes).hasSize(1);
    }

    private static Path made(Path place) {
        try {
            return Files.createDirectories(place);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aModelOfOtherClassesIsRefusedWithBothLists() {
        Path pets = SampleSets.imageFolder(folder.resolve("refused"));
        Path run = folder.resolve("pets");
        ok("train", "--backend=cpu", "--dataset=" + pets, "--out=" + run, "--hidden=4", "--epochs=1", "--quiet");
        Path model = run.resolve("model.safetensors");
        Path digits = SampleSets.fashion(folder.resolve("refused"));

        for (String command : List.of("eval", "predict")) {
            Cli cli = Cli.run(
                    command,
                    "--backend=cpu",
                    "--model",
                    model,
                    "--dataset",
                    digits,
                    command.equals("eval") ? "--quiet" : "--index=0");

            assertThat(cli.exitCode()).isEqualTo(ExitCode.DATA);
            assertThat(cli.err())
                    .contains(
                            "The model tells the classes cat, dog, guinea pig apart", "are of the classes 0, 1, 2, 3");
        }
    }

    @Test
    void anInspectionTellsWhatIsInADataSet() throws IOException {
        Path pets = SampleSets.imageFolder(folder.resolve("inspected"));
        Files.copy(pets.resolve("train/cat/picture 0.png"), pets.resolve("test/dog/a cat.png"));
        Path run = folder.resolve("inspected-run");
        Cli trained = ok(
                "train",
                "--backend=cpu",
                "--dataset=" + pets,
                "--out=" + run,
                "--hidden=32",
                "--epochs=30",
                "--batch-size=20");
        assertThat(trained.err())
                .contains(
                        "1 of the 61 test images of pets are among its training images, pixel for pixel, 1 of them with another class");

        JsonNode json = ok(
                        "data", "inspect", pets, "--backend=cpu", "--model", run.resolve("model.safetensors"), "--json")
                .json();
        assertThat(texts(json.get("classes"))).containsExactly("cat", "dog", "guinea pig");
        assertThat(json.at("/parts/train/images").intValue()).isEqualTo(SampleSets.TRAIN);
        assertThat(json.at("/parts/test/alsoInTraining")).hasSize(1);
        assertThat(json.at("/parts/test/contradicting").intValue()).isEqualTo(1);
        assertThat(json.get("suspects").toString()).contains("\"label\":\"dog\",\"read\":\"cat\"");

        Path sheets = folder.resolve("sheets");
        Cli text = ok("data", "inspect", pets, "--sheets", sheets);
        assertThat(text.out())
                .contains("pets: 24x20x3 pixels in colour, 3 classes", "guinea pig", "taken as whole pictures");
        assertThat(sheets.resolve("002-guinea-pig.png")).exists();
    }

    @Test
    void namedDataSetsAreListedWithTheirTerms() {
        JsonNode list = ok("data", "list", "--json").json().get("datasets");
        assertThat(list).hasSize(7);
        assertThat(ok("data", "list").out()).contains("fashion-mnist", "emnist-balanced", "cifar-10", "32x32x3");
        assertThat(ok("data", "status", "kmnist").out())
                .contains(
                        "Kuzushiji-MNIST is not here", "data download kmnist", "CC BY-SA 4.0", "To cite: T. Clanuwat");
        Cli unknown = Cli.run("data", "status", "svhn");
        assertThat(unknown.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(unknown.err()).contains("No data set is known by the name svhn; there are mnist, fashion-mnist");
        Cli offline = Cli.run("train", "--dataset=fashion-mnist", "--offline");
        assertThat(offline.exitCode()).isEqualTo(ExitCode.DATA);
        assertThat(offline.err()).contains("Fashion-MNIST is missing", "--offline forbids a download");
    }
}
