package bpnn.fuzz;

import bpnn.io.model.Model;
import bpnn.io.safetensors.SafetensorsReader;
import bpnn.io.safetensors.SafetensorsWriter;
import bpnn.io.tensor.TensorFile;
import bpnn.lab.run.Checkpoint;
import bpnn.nn.StateTensor;
import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Models and checkpoints. */
class SafetensorsFuzzTest {
    /** Any bytes. */
    @FuzzTest(maxDuration = "60s")
    void file(byte[] content) {
        Path file = Refusals.file("model.safetensors", content);
        Refusals.check(file, () -> Model.read(file, assumption -> {}));
    }

    /** A header of the right length before some data. */
    @FuzzTest(maxDuration = "90s")
    void header(FuzzedDataProvider data) {
        int tensors = data.consumeInt(0, 64);
        byte[] header = data.consumeRemainingAsString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer content = ByteBuffer.allocate(Long.BYTES + header.length + tensors * Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header);
        Path file = Refusals.file("model.safetensors", content.array());
        Refusals.check(file, () -> Model.read(file, assumption -> {}));
    }

    /** What only a program that knows the hash could have written: a line about the epochs, then the run. */
    @FuzzTest(maxDuration = "90s")
    void checkpoint(byte[] content) {
        String text = new String(content, StandardCharsets.UTF_8);
        int end = Math.max(text.indexOf('\n'), 0);
        hashed(new TensorFile(
                new TreeMap<>(Map.of("epochs", text.substring(0, end), "run", text.substring(end))),
                new TreeMap<>(Map.of("fc1.weight", StateTensor.vector(1)))));
    }

    /** Any file that can be read, with the hash that a checkpoint needs. */
    @FuzzTest(maxDuration = "90s")
    void tensors(byte[] content) {
        Path file = Refusals.file("tensors.safetensors", content);
        Refusals.check(file, () -> hashed(SafetensorsReader.read(file)));
    }

    private static void hashed(TensorFile content) {
        SortedMap<String, String> metadata = new TreeMap<>(content.metadata());
        metadata.remove("sha256");
        metadata.put("sha256", SafetensorsWriter.sha256(new TensorFile(metadata, content.tensors())));
        Path file = Refusals.FOLDER.resolve("checkpoint.safetensors");
        SafetensorsWriter.write(file, new TensorFile(metadata, content.tensors()));
        Refusals.check(file, () -> Checkpoint.read(file));
    }
}
