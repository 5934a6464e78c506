package bpnn.lab.trace;

import bpnn.data.DataException;
import bpnn.io.file.AtomicFile;
import bpnn.io.tensor.TensorBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/**
 * An Ed25519 signature (RFC 8032) of the last link's hash, so of all of a trace.
 *
 * @param bytes the signature, in base64
 */
public record TraceSignature(String bytes) {
    private static final String ALGORITHM = "Ed25519";
    /** In front of what is signed, so that the signature stands for nothing else. */
    private static final String CONTEXT = "bpnn trace 1 ";

    /** Signs the hash of the last line. */
    static TraceSignature of(String sha256, PrivateKey key) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(key);
            signature.update((CONTEXT + sha256).getBytes(StandardCharsets.UTF_8));
            return new TraceSignature(Base64.getEncoder().encodeToString(signature.sign()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java since 15 signs by Ed25519", e);
        }
    }

    /** Whether the owner of a key signed a hash. */
    boolean isOf(String sha256, PublicKey key) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initVerify(key);
            signature.update((CONTEXT + sha256).getBytes(StandardCharsets.UTF_8));
            return signature.verify(Base64.getDecoder().decode(bytes));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            // Not the form of a signature, so nobody's.
            return false;
        }
    }

    /**
     * Reads a private key in PEM, as {@code openssl genpkey -algorithm ed25519} writes it.
     *
     * @throws DataException if it cannot be read
     */
    public static PrivateKey readPrivateKey(Path file) {
        byte[] der = readPem(file, "PRIVATE KEY");
        try {
            return KeyFactory.getInstance(ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(der));
        } catch (GeneralSecurityException e) {
            throw notOurs(file, e);
        }
    }

    /**
     * Reads a public key in PEM, as {@code openssl pkey -pubout} writes it.
     *
     * @throws DataException if it cannot be read
     */
    public static PublicKey readPublicKey(Path file) {
        byte[] der = readPem(file, "PUBLIC KEY");
        try {
            return KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(der));
        } catch (GeneralSecurityException e) {
            throw notOurs(file, e);
        }
    }

    /** What tells a key from others, for people to compare. */
    public static String fingerprint(PublicKey key) {
        return TensorBytes.sha256(out -> out.write(key.getEncoded())).substring(0, 16);
    }

    private static DataException notOurs(Path file, GeneralSecurityException e) {
        return new DataException("The key " + file + " cannot be used: it is no " + ALGORITHM + " key.", e);
    }

    private static byte[] readPem(Path file, String kind) {
        String begin = "-----BEGIN " + kind + "-----";
        String end = "-----END " + kind + "-----";
        try {
            String text = Files.readString(file, StandardCharsets.ISO_8859_1);
            int from = text.indexOf(begin);
            int to = text.indexOf(end);
            if (from < 0 || to < from) {
                throw new DataException("The key " + file + " cannot be used: expected a PEM file with the line \""
                        + begin + "\", but there is none.");
            }
            return Base64.getMimeDecoder().decode(text.substring(from + begin.length(), to));
        } catch (IOException e) {
            throw new DataException("The key " + file + " could not be read: " + AtomicFile.reason(e) + ".", e);
        } catch (IllegalArgumentException e) {
            throw new DataException("The key " + file + " cannot be used: it is not in base64.", e);
        }
    }
}
