package bpnn.io.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import bpnn.data.DataException;
import bpnn.data.Dataset;
import bpnn.data.Framing;
import bpnn.data.ImageFormat;
import bpnn.data.ImageShape;
import bpnn.io.npz.NpzWriter;
import bpnn.io.safetensors.SafetensorsWriter;
import bpnn.io.tensor.TensorFile;
import bpnn.nn.ActivationFunction;
import bpnn.nn.InputScaling;
import bpnn.nn.NetworkSpec;
import bpnn.nn.StateTensor;
import bpnn.random.Purpose;
import bpnn.random.RandomStream;
import bpnn.spi.Activation;
import bpnn.spi.ReferenceBackend;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelTest {
    @TempDir
    Path folder;

    private static StateTensor tensor(Integer... shape) {
        int size = Stream.of(shape).reduce(1, (a, b) -> a * b);
        return new StateTensor(List.of(shape), new float[size]);
    }

    private static Map<String, StateTensor> plain() {
        return new TreeMap<>(Map.of(
                "fc1.weight", tensor(4, 6), "fc1.bias", tensor(4), "fc2.weight", tensor(3, 4), "fc2.bias", tensor(3)));
    }

    private static SortedMap<String, StateTensor> normalised() {
        SortedMap<String, StateTensor> tensors = new TreeMap<>(plain());
        tensors.remove("fc1.bias");
        for (String part : List.of("weight", "bias", "running_mean", "running_var")) {
            tensors.put("bn1." + part, tensor(4));
        }
        return tensors;
    }

    private Path file(Map<String, String> metadata, Map<String, StateTensor> tensors) {
        Path file = folder.resolve("model.safetensors");
        SafetensorsWriter.write(file, TensorFile.of(metadata, tensors));
        return file;
    }

    @Test
    void theStructureIsReadFromTheTensors() {
        List<String> assumptions = new ArrayList<>();
        Model model = Model.read(
                file(Map.of("activation", "relu", "inputScale", "0.5", "inputShift", "-1"), normalised()),
                assumptions::add);

        assertThat(model.spec()).isEqualTo(new NetworkSpec(6, List.of(4), 3, Activation.RELU, 0, false, true));
        assertThat(model.scaling()).isEqualTo(new InputScaling(0.5f, -1));
        assertThat(assumptions).isEmpty();
    }

    @Test
    void whatAFileOfAnotherProgramDoesNotSayIsAssumedAloud() {
        List<String> assumptions = new ArrayList<>();
        Model model = Model.read(file(Map.of(), plain()), assumptions::add);

        assertThat(model.spec().activation()).isEqualTo(ActivationFunction.TANH);
        assertThat(model.scaling()).isEqualTo(InputScaling.unit());
        assertThat(assumptions).hasSize(2).allMatch(line -> line.contains("assumed"));
    }

    @Test
    void whatIsWrittenIsRead() {
        Model model = new Model(
                new NetworkSpec(6, List.of(4), 3, Activation.SIGMOID, 0, false, true),
                new InputScaling(0.1f, 0.7f),
                normalised());
        Path file = folder.resolve("m.safetensors");
        model.write(file, Map.of("seed", "1"));

        Model read = Model.read(file, assumption -> {
            throw new AssertionError(assumption);
        });

        assertThat(read.spec()).isEqualTo(model.spec());
        assertThat(read.scaling()).isEqualTo(model.scaling());
        assertThat(read.sha256()).isEqualTo(model.sha256());
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                fault("tensor fc1.weight is missing", t -> t.remove("fc1.weight")),
                fault("tensor fc2.bias is missing", t -> t.remove("fc2.bias")),
                fault("tensor fc1.bias is missing", t -> t.remove("fc1.bias")),
                fault("tensor fc1.weight has the shape [24]", t -> t.put("fc1.weight", tensor(24))),
                fault("tensor fc1.weight has the shape [0, 6]", t -> t.put("fc1.weight", tensor(0, 6))),
                fault(
                        "tensor fc2.weight has the shape [3, 5] instead of [3, 4]",
                        t -> t.put("fc2.weight", tensor(3, 5))),
                fault("tensor fc1.bias has the shape [5] instead of [4]", t -> t.put("fc1.bias", tensor(5))),
                fault("tensor conv.weight belongs to no layer", t -> t.put("conv.weight", tensor(1))),
                fault("tensor fc4.weight belongs to no layer", t -> t.put("fc4.weight", tensor(1, 1))),
                fault("tensor bn1.bias is missing", t -> t.put("bn1.weight", tensor(4))));
    }

    private static Arguments fault(String words, Consumer<Map<String, StateTensor>> change) {
        Map<String, StateTensor> tensors = plain();
        change.accept(tensors);
        return Arguments.of(words, tensors);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void tensorsThatMakeNoNetworkAreNamed(String words, Map<String, StateTensor> tensors) {
        Path file = file(Map.of(), tensors);

        assertThatThrownBy(() -> Model.read(file, assumption -> {}))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(words);
    }

    @ParameterizedTest
    @EnumSource
    void imagesAndClassesAreWrittenAndRead(Framing framing) {
        ImageFormat format = new ImageFormat(
                new ImageShape(2, 1, 3), List.of("\u043a\u043e\u0442", "a \"dog\"", "<i>pig</i>"), framing);
        Model model = new Model(
                new NetworkSpec(6, List.of(4), 3, Activation.TANH, 0, false, true),
                format,
                InputScaling.unit(),
                normalised());
        Path file = folder.resolve("named.safetensors");
        model.write(file, Map.of());
        Path archive = folder.resolve("named.npz");
        NpzWriter.write(archive, model.content());

        assertThat(Model.read(file, assumption -> {}).format()).isEqualTo(format);
        assertThat(Model.read(archive, assumption -> {}).format()).isEqualTo(format);
    }

    /** Models that were written before there were names: ten digits of 28x28 pixels, or inputs of which nothing is known. */
    @Test
    void aFileThatDoesNotSayWhatItsImagesAreIsOneOfMnistIfItHasAsManyInputs() {
        Map<String, StateTensor> digits = new TreeMap<>(Map.of("fc1.weight", tensor(10, 784), "fc1.bias", tensor(10)));

        ImageFormat known = Model.read(file(Map.of(), digits), assumption -> {}).format();
        ImageFormat unknown =
                Model.read(file(Map.of(), plain()), assumption -> {}).format();

        assertThat(known.shape()).isEqualTo(ImageShape.grey(28, 28));
        assertThat(known.framing()).isEqualTo(Framing.CENTRE_OF_MASS);
        assertThat(known.classNames()).containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
        assertThat(unknown.shape()).isEqualTo(ImageShape.grey(1, 6));
        assertThat(unknown.framing()).isEqualTo(Framing.WHOLE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "imageShape | 2x4 | its images are of 2x4 pixels, but the network has 6 inputs",
                "imageShape | six | its imageShape is \"six\"",
                "imageShape | 2x3x2 | 1 or 3 channels",
                "imageShape | 99999x99999 | too large",
                "classNames | [\"a\", \"b\"] | it names 2 classes, but the network has 3 outputs",
                "classNames | [\"a\", \"b\", \"a\"] | Two classes have the same name",
                "classNames | [\"a\", null, \"b\"] | it names 3 classes",
                "classNames | [1 | its classes cannot be read: it is not valid JSON",
                "classNames | null | it names 0 classes",
                "imageFraming | golden | its imageFraming is \"golden\"",
            })
    void imagesOrClassesThatMakeNoSenseAreNamed(String name, String value, String words) {
        assertThatThrownBy(() -> Model.read(file(Map.of(name, value), plain()), assumption -> {}))
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll("model.safetensors cannot be used", words)
                .hasMessageEndingWith(".");
    }

    @Test
    void moreClassesThanADataSetHasAreRefused() {
        Map<String, StateTensor> many = new TreeMap<>(Map.of("fc1.weight", tensor(1001, 4), "fc1.bias", tensor(1001)));

        assertThatThrownBy(() -> Model.read(file(Map.of(), many), assumption -> {}))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("1 to 1000 classes, but there are 1001");
    }

    @Test
    void metadataThatMakesNoSenseIsNamed() {
        assertThatThrownBy(() -> Model.read(file(Map.of("activation", "softplus"), plain()), assumption -> {}))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("unknown activation \"softplus\"");
        assertThatThrownBy(() -> Model.read(
                        file(Map.of("activation", "tanh", "inputScale", "NaN", "inputShift", "0"), plain()),
                        assumption -> {}))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("inputScale is \"NaN\" instead of a finite number");
    }

    private static List<String> conversions(Path file) {
        List<String> sentences = new ArrayList<>();
        Model.read(file, listener(sentences));
        return sentences;
    }

    private static Model.ReadListener listener(List<String> conversions) {
        return new Model.ReadListener() {
            @Override
            public void onAssumption(String sentence) {}

            @Override
            public void onConversion(String sentence) {
                conversions.add(sentence);
            }
        };
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void whatIsNotFiniteIsNamedWithItsPlace(float value) {
        for (boolean npz : new boolean[] {false, true}) {
            Map<String, StateTensor> tensors = plain();
            tensors.get("fc1.weight").values()[8] = value;
            Path file = folder.resolve(npz ? "m.npz" : "m.safetensors");
            TensorFile content = TensorFile.of(Map.of(), tensors);
            if (npz) {
                NpzWriter.write(file, content);
            } else {
                SafetensorsWriter.write(file, content);
            }

            assertThatThrownBy(() -> Model.read(file, assumption -> {}))
                    .isInstanceOf(DataException.class)
                    .hasMessage(file + " cannot be used: tensor fc1.weight holds " + value
                            + " at [1, 2]; weights are finite float32 numbers.");
        }
    }

    /** A safetensors file may hold tensors of any rank. */
    @ParameterizedTest
    @CsvSource({"'', []", "'2,2,2', '[1, 0, 1]'"})
    void whatIsNotFiniteIsNamedInATensorOfAnyRank(String sides, String place) {
        Integer[] shape = Stream.of(sides.split(","))
                .filter(side -> !side.isEmpty())
                .map(Integer::valueOf)
                .toArray(Integer[]::new);
        Map<String, StateTensor> tensors = plain();
        tensors.put("odd", tensor(shape));
        tensors.get("odd").values()[shape.length == 0 ? 0 : 5] = Float.NaN;

        assertThatThrownBy(() -> Model.read(file(Map.of(), tensors), assumption -> {}))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("tensor odd holds NaN at " + place + ";");
    }

    @Test
    void aNegativeVarianceIsNamed() {
        SortedMap<String, StateTensor> tensors = normalised();
        tensors.get("bn1.running_var").values()[3] = -0.5f;

        assertThatThrownBy(() -> Model.read(file(Map.of(), tensors), assumption -> {}))
                .hasMessageEndingWith("tensor bn1.running_var holds -0.5 at [3]; a variance is not negative.");
    }

    @Test
    void whatIsKnownStandsInForWhatTheFileDoesNotSay() {
        List<String> assumptions = new ArrayList<>();
        Model.Known known = new Model.Known(ActivationFunction.RELU, InputScaling.none());

        Model model = Model.read(file(Map.of(), plain()), known, assumptions::add);

        assertThat(model.spec().activation()).isEqualTo(ActivationFunction.RELU);
        assertThat(model.scaling()).isEqualTo(InputScaling.none());
        assertThat(assumptions).isEmpty();
    }

    @Test
    void whatContradictsTheFileIsRefused() {
        Path file = file(Map.of("activation", "tanh", "inputScale", "1.0", "inputShift", "0.0"), plain());

        assertThatThrownBy(() -> Model.read(file, new Model.Known(ActivationFunction.RELU, null), assumption -> {}))
                .hasMessage(file + " says that its activation is tanh, so relu would not give what was trained.");
        assertThatThrownBy(() -> Model.read(file, new Model.Known(null, InputScaling.unit()), assumption -> {}))
                .hasMessageContaining(" says that its inputs are pixel * 1.0 + 0.0, so pixel * 0.003921569 + 0.0");
        assertThat(Model.read(file, new Model.Known(ActivationFunction.TANH, InputScaling.none()), assumption -> {}))
                .isNotNull();
    }

    private static SortedMap<String, StateTensor> renamed(
            Map<String, StateTensor> tensors, Map<String, String> layers) {
        SortedMap<String, StateTensor> result = new TreeMap<>();
        tensors.forEach((name, tensor) -> {
            int dot = name.indexOf('.');
            result.put(layers.get(name.substring(0, dot)) + name.substring(dot), tensor);
        });
        return result;
    }

    static Stream<Arguments> foreignNames() {
        return Stream.of(
                Arguments.of(false, Map.of("fc1", "module.fc1", "fc2", "module.fc2"), "\"module.\" in front"),
                Arguments.of(false, Map.of("fc1", "a.b.fc1", "fc2", "a.b.fc2"), "\"a.b.\" in front"),
                Arguments.of(false, Map.of("fc1", "0", "fc2", "2"), "0 is fc1, 2 is fc2"),
                Arguments.of(false, Map.of("fc1", "net.2", "fc2", "net.10"), "2 is fc1, 10 is fc2"),
                Arguments.of(false, Map.of("fc1", "hidden", "fc2", "output"), "hidden is fc1, output is fc2"),
                Arguments.of(true, Map.of("fc1", "0", "bn1", "1", "fc2", "4"), "0 is fc1, 1 is bn1, 4 is fc2"),
                Arguments.of(
                        true,
                        Map.of("fc1", "lin.0", "bn1", "norm.0", "fc2", "lin.1"),
                        "lin.0 is fc1, norm.0 is bn1, lin.1 is fc2"));
    }

    @ParameterizedTest
    @MethodSource("foreignNames")
    void namesOfOtherProgramsAreUnderstood(boolean batchNorm, Map<String, String> layers, String words) {
        Map<String, StateTensor> tensors = batchNorm ? normalised() : plain();
        Path file = file(Map.of(), renamed(tensors, layers));

        List<String> sentences = conversions(file);

        assertThat(sentences).anySatisfy(sentence -> assertThat(sentence).contains(words));
        assertThat(Model.read(file, assumption -> {}).state().keySet()).isEqualTo(tensors.keySet());
    }

    @Test
    void namesThatMakeNoChainOfLayersAreListed() {
        Map<String, StateTensor> tensors =
                Map.of("b.weight", tensor(4, 6), "b.bias", tensor(4), "a.weight", tensor(3, 4), "a.bias", tensor(3));
        Path file = file(Map.of(), tensors);

        assertThatThrownBy(() -> Model.read(file, assumption -> {}))
                .isInstanceOf(DataException.class)
                .hasMessage(file + " cannot be used: tensor fc1.weight is missing, and what is there makes no chain of"
                        + " dense layers: a.bias, a.weight, b.bias, b.weight.");
        assertThatThrownBy(() -> Model.read(file(Map.of(), Map.of()), assumption -> {}))
                .hasMessageEndingWith("no tensor at all.");
    }

    /** PyTorch's default: the same forward pass, by its own formulas in double precision. */
    @Test
    void aBiasInFrontOfBatchNormalisationGoesIntoTheRunningMean() {
        RandomStream random = new RandomStream(3, Purpose.STATISTICS, 0, 0);
        SortedMap<String, StateTensor> tensors = normalised();
        tensors.put("fc1.bias", tensor(4));
        tensors.forEach((name, tensor) -> {
            for (int i = 0; i < tensor.values().length; i++) {
                float value = random.nextInt(2000) / 1000f - 1;
                tensor.values()[i] = name.endsWith("running_var") ? 1 + value / 2 : value;
            }
        });
        Path file = file(Map.of("activation", "tanh", "inputScale", "0.004", "inputShift", "0"), tensors);
        byte[] pixels = {0, 10, 100, (byte) 200, (byte) 255, 30};

        assertThat(conversions(file))
                .singleElement()
                .asString()
                .contains("has fc1.bias in front of batch normalisation");
        float[] actual;
        try (ReferenceBackend backend = new ReferenceBackend();
                LoadedModel loaded = new LoadedModel(backend, Model.read(file, assumption -> {}))) {
            actual = loaded.probabilities(new Dataset("one", 1, 6, 3, pixels, new byte[1]))[0];
        }

        double[] hidden = new double[4];
        for (int unit = 0; unit < 4; unit++) {
            double sum = value(tensors, "fc1.bias", unit);
            for (int i = 0; i < 6; i++) {
                sum += value(tensors, "fc1.weight", unit * 6 + i) * (pixels[i] & 0xFF) * 0.004;
            }
            double normal = (sum - value(tensors, "bn1.running_mean", unit))
                    / Math.sqrt(value(tensors, "bn1.running_var", unit) + 1e-5);
            hidden[unit] = Math.tanh(normal * value(tensors, "bn1.weight", unit) + value(tensors, "bn1.bias", unit));
        }
        double[] exponentials = new double[3];
        double total = 0;
        for (int unit = 0; unit < 3; unit++) {
            double sum = value(tensors, "fc2.bias", unit);
            for (int i = 0; i < 4; i++) {
                sum += value(tensors, "fc2.weight", unit * 4 + i) * hidden[i];
            }
            exponentials[unit] = Math.exp(sum);
            total += exponentials[unit];
        }
        for (int unit = 0; unit < 3; unit++) {
            assertThat((double) actual[unit]).isCloseTo(exponentials[unit] / total, within(1e-6));
        }
    }

    private static double value(Map<String, StateTensor> tensors, String name, int index) {
        return tensors.get(name).values()[index];
    }
}
