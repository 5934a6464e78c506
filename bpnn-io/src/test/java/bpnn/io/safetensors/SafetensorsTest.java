package bpnn.io.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bpnn.data.DataException;
import bpnn.io.tensor.TensorBytes;
import bpnn.io.tensor.TensorFile;
import bpnn.nn.StateTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {
    @TempDir
    Path folder;

    private Path file(String header, int dataBytes) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return raw(json.length, json, dataBytes);
    }

    private Path raw(long claimedLength, byte[] header, int dataBytes) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(8 + header.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(claimedLength).put(header);
        return Files.write(folder.resolve("m.safetensors"), bytes.array());
    }

    @Test
    void whatWasWrittenIsReadBackBitForBit() {
        float[] odd = {Float.NaN, Float.NEGATIVE_INFINITY, -0f, Float.MIN_VALUE, 1.5f, -3e38f};
        float[] large = new float[40_000];
        for (int i = 0; i < large.length; i++) {
            large[i] = i * 0.25f;
        }
        TensorFile content = TensorFile.of(
                Map.of("activation", "tanh", "note", "Größe \"1\""),
                Map.of(
                        "odd", new StateTensor(List.of(2, 3), odd),
                        "large", new StateTensor(List.of(40_000), large),
                        "scalar", new StateTensor(List.of(), new float[] {7}),
                        "empty", new StateTensor(List.of(0, 5), new float[0])));
        Path file = folder.resolve("m.safetensors");

        SafetensorsWriter.write(file, content);
        TensorFile read = SafetensorsReader.read(file);

        assertThat(read.metadata()).isEqualTo(content.metadata());
        assertThat(read.tensors().keySet()).containsExactly("empty", "large", "odd", "scalar");
        content.tensors().forEach((name, tensor) -> {
            assertThat(read.tensors().get(name).shape()).isEqualTo(tensor.shape());
            assertThat(bits(read.tensors().get(name).values())).isEqualTo(bits(tensor.values()));
        });
    }

    @Test
    void pyTorchsCountersOfBatchesAreLeftOut() throws IOException {
        String header = "{\"bn1.num_batches_tracked\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[0,8]},"
                + "\"bn1.weight\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,16]}}";

        TensorFile read = SafetensorsReader.read(file(header, 16));

        assertThat(read.tensors().keySet()).containsExactly("bn1.weight");
        assertThat(read.tensors().get("bn1.weight").values()).containsExactly(0, 0);
        Path other = file(header.replace("num_batches_tracked", "counter"), 16);
        assertThatThrownBy(() -> SafetensorsReader.read(other)).hasMessageContaining("has the type I64");
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return bits;
    }

    @Test
    void theHeaderIsAlignedAndTheFolderHoldsNothingElse() throws IOException {
        Path file = folder.resolve("m.safetensors");
        for (int i = 0; i < 8; i++) {
            SafetensorsWriter.write(file, TensorFile.of(Map.of("k", "x".repeat(i)), Map.of()));
            long header = ByteBuffer.wrap(Files.readAllBytes(file))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .getLong();
            assertThat(header % 8).isZero();
            assertThat(Files.size(file)).isEqualTo(8 + header);
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    /** Bytes as Python's {@code safetensors.numpy.save_file} lays them out: tensors by size, padded header. */
    @Test
    void readsAFileWrittenByPython() throws IOException {
        String header = "{\"__metadata__\":{\"format\":\"pt\"},"
                + "\"b\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]},"
                + "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]}}";
        byte[] json = (header + " ".repeat(8 - header.length() % 8)).getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + 12).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(json.length).put(json).putFloat(1).putFloat(2).putFloat(3);
        Path file = Files.write(folder.resolve("python.safetensors"), bytes.array());

        TensorFile read = SafetensorsReader.read(file);

        assertThat(read.metadata()).containsExactly(Map.entry("format", "pt"));
        assertThat(read.tensors().get("b").shape()).containsExactly(2, 1);
        assertThat(read.tensors().get("b").values()).containsExactly(1, 2);
        assertThat(read.tensors().get("a").values()).containsExactly(3);
    }

    @ParameterizedTest
    @CsvSource({"F16, 2, float16", "BF16, 2, bfloat16", "F64, 8, float64"})
    void otherWidthsAreConverted(String dtype, int width, String name) throws IOException {
        String header = "{\"a\":{\"dtype\":\"" + dtype + "\",\"shape\":[2],\"data_offsets\":[0," + 2 * width + "]}}";
        Path file = file(header, 2 * width);
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer data =
                ByteBuffer.wrap(bytes, bytes.length - 2 * width, 2 * width).order(ByteOrder.LITTLE_ENDIAN);
        switch (dtype) {
            case "F16" -> data.putShort((short) 0x3C00).putShort((short) 0xC000);
            case "BF16" -> data.putShort((short) 0x3F80).putShort((short) 0xC000);
            default -> data.putDouble(1).putDouble(-2);
        }
        Files.write(file, bytes);

        TensorFile read = SafetensorsReader.read(file);

        assertThat(read.tensors().get("a").values()).containsExactly(1, -2);
        assertThat(read.converted()).hasToString("[" + name + "]");
    }

    static Stream<Arguments> malformed() {
        String ok = "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";
        return Stream.of(
                Arguments.of("", 0, "not a JSON object"),
                Arguments.of("[]", 0, "not a JSON object"),
                Arguments.of("{" + ok, 8, "not valid JSON"),
                Arguments.of("{" + ok + "}x", 8, "not valid JSON"),
                Arguments.of("{" + ok + "}{}", 8, "not valid JSON"),
                Arguments.of("{" + ok + "," + ok + "}", 8, "Duplicate field"),
                Arguments.of("[".repeat(5000), 0, "its header cannot be read: it is nested too deeply"),
                Arguments.of("{\"a\":3}", 0, "tensor \"a\" has the fields []"),
                Arguments.of("{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}", 8, "has the fields [dtype, shape]"),
                Arguments.of("{" + ok.replace("F32", "F64") + "}", 8, "of shape [2] does not fit its 8 bytes"),
                Arguments.of(
                        "{" + ok.replace("F32", "I32") + "}", 8, "has the type I32, but only F16, BF16, F32 and F64"),
                Arguments.of("{" + ok.replace("[2]", "2") + "}", 8, "has a shape that is no list"),
                Arguments.of("{" + ok.replace("[2]", "[-2]") + "}", 8, "impossible dimension -2"),
                Arguments.of("{" + ok.replace("[2]", "[2.5]") + "}", 8, "impossible dimension 2.5"),
                Arguments.of("{" + ok.replace("[2]", "[9999999999]") + "}", 8, "impossible dimension 9999999999"),
                Arguments.of("{" + ok.replace("[2]", "[3]") + "}", 8, "of shape [3] does not fit its 8 bytes"),
                Arguments.of("{" + ok.replace("[2]", "[2147483647,2147483647,2147483647,8]") + "}", 8, "does not fit"),
                Arguments.of("{" + ok.replace("[2]", "[65536,65536,65536,65536]") + "}", 8, "does not fit"),
                Arguments.of("{" + ok.replace("[0,8]", "[8,0]") + "}", 8, "impossible data_offsets [8,0]"),
                Arguments.of("{" + ok.replace("[0,8]", "[-8,0]") + "}", 8, "impossible data_offsets"),
                Arguments.of("{" + ok.replace("[0,8]", "[0,8,9]") + "}", 8, "impossible data_offsets"),
                Arguments.of("{" + ok.replace("[0,8]", "[0,8e99]") + "}", 8, "impossible data_offsets"),
                Arguments.of("{" + ok.replace("[0,8]", "[0,\"8\"]") + "}", 8, "impossible data_offsets"),
                Arguments.of("{" + ok + "}", 7, "ends at byte 8 of the data, but there are 7"),
                Arguments.of("{" + ok + "}", 9, "1 bytes after tensor \"a\" belong to no tensor"),
                Arguments.of("{" + ok.replace("[0,8]", "[4,12]") + "}", 12, "4 bytes between the header and"),
                Arguments.of(
                        "{" + ok + "," + ok.replace("\"a\"", "\"b\"").replace("[0,8]", "[4,12]") + "}",
                        12,
                        "tensor \"b\" overlaps tensor \"a\""),
                Arguments.of("{\"__metadata__\":[]}", 0, "__metadata__ is not a JSON object"),
                Arguments.of("{\"__metadata__\":{\"a\":1}}", 0, "other than text under \"a\""));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void aMalformedFileIsNamedWithItsFault(String header, int dataBytes, String fault) throws IOException {
        Path file = file(header, dataBytes);

        assertThatThrownBy(() -> SafetensorsReader.read(file))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(fault)
                .hasMessageEndingWith(".");
    }

    @ParameterizedTest
    @ValueSource(longs = {17, 100_000_001L, Long.MAX_VALUE, -1, Long.MIN_VALUE})
    void aHeaderLongerThanTheFileOrTheFormatAllowsIsRefused(long length) throws IOException {
        Path file = raw(length, "{}              ".getBytes(StandardCharsets.UTF_8), 0);

        assertThatThrownBy(() -> SafetensorsReader.read(file))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("its header claims " + Long.toUnsignedString(length) + " bytes");
    }

    @Test
    void everyTruncationOfAValidFileIsRefused() throws IOException {
        Path whole = folder.resolve("whole.safetensors");
        SafetensorsWriter.write(whole, TensorFile.of(Map.of(), Map.of("a", new StateTensor(List.of(3), new float[] {
            1, 2, 3
        }))));
        byte[] bytes = Files.readAllBytes(whole);
        Path cut = folder.resolve("cut.safetensors");
        for (int length = 0; length < bytes.length; length++) {
            Files.write(cut, Arrays.copyOf(bytes, length));
            assertThatThrownBy(() -> SafetensorsReader.read(cut))
                    .as("the first %d bytes", length)
                    .isInstanceOf(DataException.class);
        }
    }

    @Test
    void aDamagedFileIsReadOrRefusedButNothingElse() throws IOException {
        Path whole = folder.resolve("whole.safetensors");
        SafetensorsWriter.write(
                whole,
                TensorFile.of(
                        Map.of("activation", "tanh"),
                        Map.of(
                                "fc1.weight", new StateTensor(List.of(2, 3), new float[6]),
                                "fc1.bias", new StateTensor(List.of(2), new float[2]))));
        byte[] bytes = Files.readAllBytes(whole);
        long seed = 11;
        Random random = new Random(seed);
        Path damaged = folder.resolve("damaged.safetensors");
        int refused = 0;
        for (int i = 0; i < 3000; i++) {
            byte[] copy = bytes.clone();
            for (int hits = random.nextInt(3); hits >= 0; hits--) {
                copy[random.nextInt(copy.length)] = (byte) (random.nextBoolean() ? random.nextInt(256) : '0' + i % 10);
            }
            Files.write(damaged, copy);
            try {
                assertThat(SafetensorsReader.read(damaged).tensors()).isNotNull();
            } catch (DataException e) {
                refused++;
            }
        }
        assertThat(refused).as("refused of 3000 with seed %d", seed).isBetween(1000, 2990);
    }

    @Test
    void aMissingFileIsNamed() {
        Path file = folder.resolve("none.safetensors");

        assertThatThrownBy(() -> SafetensorsReader.read(file))
                .isInstanceOf(DataException.class)
                .hasMessage(file + " could not be read: there is no such file or folder.");
    }

    @Test
    void aFailedWriteLeavesTheOldFileAndNothingElse() throws IOException {
        Path file = Files.createDirectory(folder.resolve("taken"));
        Files.writeString(file.resolve("inside"), "x");

        assertThatThrownBy(() -> SafetensorsWriter.write(file, TensorFile.of(Map.of(), Map.of())))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(file + " could not be written");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    /** The digest of the bytes 0000803f 00000040 00004040, the floats 1, 2 and 3, computed with sha256sum. */
    @Test
    void theHashIsOverLittleEndianBytesInTheOrderOfNames() {
        TreeMap<String, StateTensor> tensors = new TreeMap<>();
        tensors.put("b", new StateTensor(List.of(1), new float[] {3}));
        tensors.put("a", new StateTensor(List.of(2), new float[] {1, 2}));

        assertThat(TensorBytes.sha256(tensors))
                .isEqualTo("8e628779e6a74ee0b36991c10158f63cafec7d340ad4e075592502c8708524dd");
    }
}
