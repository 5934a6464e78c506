package bpnn.mnist;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 hashes (FIPS 180-4) as 64 lower-case hexadecimal digits, and MD5 where others publish nothing better. */
public final class Sha256 {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int MD5_DIGITS = 32;

    private Sha256() {}

    /** The hash of several concatenated arrays. */
    static String of(byte[]... parts) {
        MessageDigest digest = digest();
        for (byte[] part : parts) {
            digest.update(part);
        }
        return text(digest);
    }

    /** The hash of the rest of a stream, as long as one that it is compared with: MD5 has 32 digits. */
    static String of(InputStream in, int digits) throws IOException {
        MessageDigest digest = digest(digits == MD5_DIGITS ? "MD5" : "SHA-256");
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            digest.update(buffer, 0, n);
        }
        return text(digest);
    }

    /** The hash of {@code digest}, which is reset. */
    static String text(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    /** The hash of a file, as it lies there. */
    public static String of(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return of(in, 2 * digest().getDigestLength());
        }
    }

    /** A new digest. */
    public static MessageDigest digest() {
        return digest("SHA-256");
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256 and MD5", e);
        }
    }
}
