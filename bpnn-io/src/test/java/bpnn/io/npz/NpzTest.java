package bpnn.io.npz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bpnn.data.DataException;
import bpnn.io.tensor.TensorFile;
import bpnn.nn.StateTensor;
import bpnn.random.Purpose;
import bpnn.random.RandomStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against archives that NumPy wrote; {@code weights.py} stands beside them. */
class NpzTest {
    private static final Path ARCHIVES = Path.of("src", "test", "resources", "numpy");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"float32", "float64", "columns", "compressed"})
    void whatNumpyWroteIsReadInTheOrderOfRows(String archive) {
        SortedMap<String, StateTensor> tensors =
                NpzReader.read(ARCHIVES.resolve(archive + ".npz")).tensors();

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

        Map<String, String> metadata = Map.of("activation", "relu", "odd", "\"ü\n");
        NpzWriter.write(file, TensorFile.of(metadata, tensors));

        assertThat(NpzReader.read(file).metadata()).isEqualTo(metadata);
        SortedMap<String, StateTensor> back = NpzReader.read(file).tensors();
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
                .hasMessageContaining(
                        "has the type <i8, but only float16, float32 and float64 (f2, f4 and f8) can be read");
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

    /** An archive as NumPy would write it, of an array of shape (2, 2) in some type and order. */
    private Path archive(String type, boolean columnsFirst, byte[] values) throws IOException {
        String header = "{'descr': '" + type + "', 'fortran_order': " + (columnsFirst ? "True" : "False")
                + ", 'shape': (2, 2), }\n";
        Path file = folder.resolve("typed.npz");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry("w.npy"));
            zip.write(NpyHeader.MAGIC);
            zip.write(new byte[] {1, 0, (byte) header.length(), 0});
            zip.write(header.getBytes(StandardCharsets.US_ASCII));
            zip.write(values);
        }
        return file;
    }

    @ParameterizedTest
    @CsvSource({"<f2, 2", ">f2, 2", "<f4, 4", ">f4, 4", "<f8, 8", ">f8, 8"})
    void everyWidthAndOrderIsRead(String type, int width) throws IOException {
        float[] expected = {1, -2, 0.5f, 1024};
        short[] halves = {0x3C00, (short) 0xC000, 0x3800, 0x6400};
        ByteBuffer bytes = ByteBuffer.allocate(4 * width)
                .order(type.startsWith("<") ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        for (int i = 0; i < 4; i++) {
            switch (width) {
                case 2 -> bytes.putShort(halves[i]);
                case 4 -> bytes.putFloat(expected[i]);
                default -> bytes.putDouble(expected[i]);
            }
        }

        for (boolean columnsFirst : new boolean[] {false, true}) {
            TensorFile content = NpzReader.read(archive(type, columnsFirst, bytes.array()));

            float[] values = content.tensors().get("w").values();
            assertThat(values)
                    .containsExactly(
                            columnsFirst ? new float[] {expected[0], expected[2], expected[1], expected[3]} : expected);
            assertThat(content.converted()).hasSize(width == 4 ? 0 : 1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "{\"activation\":null}", "[]", "", "{\"activation\":{}}", "{} {}"})
    void metadataThatAreNoTextByNameAreRefused(String json) throws IOException {
        Path file = folder.resolve("metadata.npz");
        String header = "{'descr': '|S9', 'fortran_order': False, 'shape': (), }\n";
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry(NpzReader.METADATA + ".npy"));
            zip.write(NpyHeader.MAGIC);
            zip.write(new byte[] {1, 0, (byte) header.length(), 0});
            zip.write((header + json).getBytes(StandardCharsets.US_ASCII));
        }

        assertThatThrownBy(() -> NpzReader.read(file))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file + " cannot be used: \"__metadata__\"");
    }
}
