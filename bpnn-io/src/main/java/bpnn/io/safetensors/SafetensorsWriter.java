package bpnn.io.safetensors;

import bpnn.data.DataException;
import bpnn.io.file.AtomicFile;
import bpnn.io.tensor.TensorBytes;
import bpnn.io.tensor.TensorFile;
import bpnn.nn.StateTensor;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/**
 * Writes the safetensors format: the length of the header in 8 little-endian bytes, the header as JSON padded with
 * spaces to a multiple of 8, then the tensors without gaps, in the order of their names.
 */
public final class SafetensorsWriter {
    private SafetensorsWriter() {}

    /**
     * Writes or replaces a file, whole or not at all.
     *
     * @throws DataException if that fails
     */
    public static void write(Path file, TensorFile content) {
        AtomicFile.write(file, out -> write(content, out));
    }

    /** What {@link #write} gives the file. */
    public static byte[] bytes(TensorFile content) {
        long values = content.tensors().values().stream()
                .mapToLong(tensor -> tensor.values().length)
                .sum();
        ByteArrayOutputStream out =
                new ByteArrayOutputStream(Math.toIntExact(Float.BYTES * values) + header(content).length + Long.BYTES);
        try {
            write(content, out);
        } catch (IOException e) {
            throw new IllegalStateException("Writing to memory cannot fail", e);
        }
        return out.toByteArray();
    }

    /** SHA-256 over the bytes that {@link #write} gives the file, in hexadecimal. */
    public static String sha256(TensorFile content) {
        return TensorBytes.sha256(out -> write(content, out));
    }

    private static void write(TensorFile content, OutputStream out) throws IOException {
        byte[] header = header(content);
        ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        length.putLong(header.length);
        out.write(length.array());
        out.write(header);
        for (StateTensor tensor : content.tensors().values()) {
            TensorBytes.write(tensor.values(), out);
        }
    }

    private static byte[] header(TensorFile content) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        ObjectNode metadata = root.putObject("__metadata__");
        content.metadata().forEach(metadata::put);
        long offset = 0;
        for (Map.Entry<String, StateTensor> entry : content.tensors().entrySet()) {
            ObjectNode tensor = root.putObject(entry.getKey());
            tensor.put("dtype", "F32");
            entry.getValue().shape().forEach(tensor.putArray("shape")::add);
            long end = offset + (long) Float.BYTES * entry.getValue().values().length;
            tensor.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        byte[] json = root.toString().getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
        Arrays.fill(padded, json.length, padded.length, (byte) ' ');
        return padded;
    }
}
