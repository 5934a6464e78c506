package bpnn.io.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bpnn.data.DataException;
import bpnn.io.safetensors.SafetensorsWriter;
import bpnn.io.safetensors.TensorFile;
import bpnn.nn.InputScaling;
import bpnn.nn.NetworkSpec;
import bpnn.nn.StateTensor;
import bpnn.spi.Activation;
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
import org.junit.jupiter.params.provider.MethodSource;

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

        assertThat(model.spec().activation()).isEqualTo(Activation.TANH);
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
}
