package bpnn.io.npz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bpnn.data.DataException;
import bpnn.nn.StateTensor;
import bpnn.random.Purpose;
import bpnn.random.RandomStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against archives that NumPy wrote; {@code weights.py} stands beside them. */
class NpzTest {
    private static final Path ARCHIVES = Path.of("src", "test", "resources", "numpy");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"float32", "float64", "columns", "compressed"})
    void whatNumpyWroteIsReadInTheOrderOfRows(String archive) {
        SortedMap<String, StateTensor> tensors = NpzReader.read(ARCHIVES.resolve(archive + ".npz"));

        assertThat(tensors.keySet()).containsExactly("fc1.bias", "fc1.weight", "fc2.bias", "fc2.weight");
        assertThat(tensors.get("fc1.weight").shape()).containsExactly(3, 4);
        float[] expected = new float[12];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = i / 8f;
        }
        assertThat(tensors.get("fc1.weight").values()).containsExactly(expected);
        assertThat(tensors.get("fc1.bias").values()).containsExactly(0.5f, -0.5f, 0.25f);
    }

    @Test
    void whatWasWrittenIsReadBackBitForBit() {
        SortedMap<String, StateTensor> tensors = new TreeMap<>();
        tensors.put(
                "fc1.weight", new StateTensor(List.of(2, 3), new float[] {1, -0f, 2.8E-45f, 4, Float.MAX_VALUE, 6}));
        tensors.put("fc1.bias", StateTensor.vector(1, 2));
        Path file = folder.resolve("some.npz");

        NpzWriter.write(file, tensors);

        SortedMap<String, StateTensor> back = NpzReader.read(file);
        assertThat(back.keySet()).isEqualTo(tensors.keySet());
        back.forEach((name, tensor) -> {
            assertThat(tensor.shape()).isEqualTo(tensors.get(name).shape());
            assertThat(tensor.values()).containsExactly(tensors.get(name).values());
        });
    }

    @Test
    void integersAreRefused() {
        assertThatThrownBy(() -> NpzReader.read(ARCHIVES.resolve("integers.npz")))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("has the type <i8, but only <f4 and <f8 can be read");
    }

    @Test
    void damageIsReportedOrHarmless() throws IOException {
        byte[] whole = Files.readAllBytes(ARCHIVES.resolve("float32.npz"));
        Path file = folder.resolve("damaged.npz");
        RandomStream random = new RandomStream(9, Purpose.STATISTICS, 0, 0);
        for (int i = 0; i < 500; i++) {
            byte[] damaged = i % 2 == 0 ? whole.clone() : Arrays.copyOf(whole, random.nextInt(whole.length));
            for (int flips = 0; flips < 3 && damaged.length > 0; flips++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            Files.write(file, damaged);
            try {
                assertThat(NpzReader.read(file)).isNotNull();
            } catch (DataException e) {
                assertThat(e).hasMessageContaining("damaged.npz").hasMessageEndingWith(".");
            }
        }
    }
}
