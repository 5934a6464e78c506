package bpnn.io.npz;

import bpnn.data.DataException;
import bpnn.io.file.AtomicFile;
import bpnn.io.tensor.TensorBytes;
import bpnn.io.tensor.TensorFile;
import bpnn.nn.StateTensor;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes tensors as {@code numpy.savez} does: a zip archive with an array of format 1.0 for each name. Metadata stand beside
 * them as JSON in a string of bytes: {@code json.loads(archive["__metadata__"].item())}.
 */
public final class NpzWriter {
    private static final int ALIGNMENT = 64;

    private NpzWriter() {}

    /**
     * Writes or replaces a file, whole or not at all.
     *
     * @throws DataException if that fails
     */
    public static void write(Path file, TensorFile content) {
        AtomicFile.write(file, out -> {
            ZipOutputStream zip = new ZipOutputStream(out);
            for (Map.Entry<String, StateTensor> tensor : content.tensors().entrySet()) {
                begin(tensor.getKey(), zip);
                writeHeader("<f4", tensor.getValue().shape(), zip);
                TensorBytes.write(tensor.getValue().values(), zip);
                zip.closeEntry();
            }
            if (!content.metadata().isEmpty()) {
                writeMetadata(content.metadata(), zip);
            }
            zip.finish();
        });
    }

    private static void begin(String name, ZipOutputStream zip) throws IOException {
        ZipEntry entry = new ZipEntry(name + ".npy");
        entry.setTime(0);
        zip.putNextEntry(entry);
    }

    private static void writeMetadata(SortedMap<String, String> metadata, ZipOutputStream zip) throws IOException {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        metadata.forEach(json::put);
        byte[] text = json.toString().getBytes(StandardCharsets.UTF_8);
        begin(NpzReader.METADATA, zip);
        writeHeader("|S" + text.length, List.of(), zip);
        zip.write(text);
        zip.closeEntry();
    }

    private static void writeHeader(String type, List<Integer> shape, OutputStream out) throws IOException {
        String sides = shape.stream().map(side -> side + ",").collect(Collectors.joining(" "));
        String text = "{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + sides + "), }";
        int unpadded = NpyHeader.MAGIC.length + 2 * Short.BYTES + text.length() + 1;
        String padded = text + " ".repeat((ALIGNMENT - unpadded % ALIGNMENT) % ALIGNMENT) + "\n";
        out.write(NpyHeader.MAGIC);
        out.write(new byte[] {1, 0});
        out.write(ByteBuffer.allocate(Short.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) padded.length())
                .array());
        out.write(padded.getBytes(StandardCharsets.US_ASCII));
    }
}
