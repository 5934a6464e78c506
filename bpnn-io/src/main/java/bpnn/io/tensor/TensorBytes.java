package bpnn.io.tensor;

import bpnn.io.file.AtomicFile;
import bpnn.nn.StateTensor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SortedMap;

/** The little-endian bytes of tensors. */
public final class TensorBytes {
    private static final int CHUNK = 1 << 14;

    private TensorBytes() {}

    /** SHA-256 over the bytes of all tensors in the order of their names, in hexadecimal. */
    public static String sha256(SortedMap<String, StateTensor> tensors) {
        return sha256(out -> {
            for (StateTensor tensor : tensors.values()) {
                write(tensor.values(), out);
            }
        });
    }

    /** SHA-256 over what would be written, in hexadecimal. */
    public static String sha256(AtomicFile.Content content) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
                content.writeTo(out);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException | IOException e) {
            throw new IllegalStateException("Every Java has SHA-256, and writing to nowhere cannot fail", e);
        }
    }

    /** Writes values one after the other. */
    public static void write(float[] values, OutputStream out) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(CHUNK * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int from = 0; from < values.length; from += CHUNK) {
            int count = Math.min(CHUNK, values.length - from);
            bytes.asFloatBuffer().put(values, from, count);
            out.write(bytes.array(), 0, count * Float.BYTES);
        }
    }
}
