package bpnn.io.npz;

import bpnn.data.DataException;
import bpnn.io.file.AtomicFile;
import bpnn.io.safetensors.TensorBytes;
import bpnn.nn.StateTensor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes tensors as {@code numpy.savez} does: a zip archive with an array of format 1.0 for each name. */
public final class NpzWriter {
    private static final int ALIGNMENT = 64;

    private NpzWriter() {}

    /**
     * Writes or replaces a file, whole or not at all.
     *
     * @throws DataException if that fails
     */
    public static void write(Path file, SortedMap<String, StateTensor> tensors) {
        AtomicFile.write(file, out -> {
            ZipOutputStream zip = new ZipOutputStream(out);
            for (Map.Entry<String, StateTensor> tensor : tensors.entrySet()) {
                ZipEntry entry = new ZipEntry(tensor.getKey() + ".npy");
                entry.setTime(0);
                zip.putNextEntry(entry);
                writeArray(tensor.getValue(), zip);
                zip.closeEntry();
            }
            zip.finish();
        });
    }

    private static void writeArray(StateTensor tensor, OutputStream out) throws IOException {
        String sides = tensor.shape().stream().map(side -> side + ",").collect(Collectors.joining(" "));
        String text = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + sides + "), }";
        int unpadded = NpzReader.MAGIC.length + 2 * Short.BYTES + text.length() + 1;
        String padded = text + " ".repeat((ALIGNMENT - unpadded % ALIGNMENT) % ALIGNMENT) + "\n";
        out.write(NpzReader.MAGIC);
        out.write(new byte[] {1, 0});
        out.write(ByteBuffer.allocate(Short.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) padded.length())
                .array());
        out.write(padded.getBytes(StandardCharsets.US_ASCII));
        TensorBytes.write(tensor.values(), out);
    }
}
