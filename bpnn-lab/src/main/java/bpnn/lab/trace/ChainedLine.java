package bpnn.lab.trace;

import bpnn.io.tensor.TensorBytes;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;

/** A line of a trace: a JSON object whose last member is the SHA-256 of everything in front of it. */
final class ChainedLine {
    static final String SHA256 = "sha256";

    private static final String BEFORE_HASH = ",\"" + SHA256 + "\":\"";
    private static final int HASH_LENGTH = 64;
    private static final int SEAL_LENGTH = BEFORE_HASH.length() + HASH_LENGTH + "\"}".length();

    private ChainedLine() {}

    /** The line for an object. */
    static String of(ObjectNode content) {
        String json = content.toString();
        String sealed = json.substring(0, json.length() - 1);
        return sealed + BEFORE_HASH + hash(sealed) + "\"}";
    }

    /** The hash that stands in a line; whether it is right is another question. */
    static String stated(String line) {
        return line.substring(line.length() - 2 - HASH_LENGTH, line.length() - 2);
    }

    /** Whether a line ends with the hash of what stands in front of it. */
    static boolean isIntact(String line) {
        int end = line.length() - SEAL_LENGTH;
        return end > 0
                && line.startsWith(BEFORE_HASH, end)
                && hash(line.substring(0, end)).equals(stated(line));
    }

    private static String hash(String text) {
        return TensorBytes.sha256(out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }
}
