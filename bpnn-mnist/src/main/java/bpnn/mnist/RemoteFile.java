package bpnn.mnist;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file on a server.
 *
 * @param name its name in a mirror's folder
 * @param checksum SHA-256, or MD5 where nothing better is published, in lower-case hexadecimal digits
 * @param ofContent whether the checksum is that of the content of a gzip file rather than of the file itself
 * @param maxBytes what is longer cannot be the file
 */
public record RemoteFile(String name, String checksum, boolean ofContent, long maxBytes) {
    /** Whether a file has the right checksum; false if it cannot be read or uncompressed. */
    public boolean matches(Path file) {
        try (InputStream in = ofContent ? PackedFile.open(file) : Files.newInputStream(file)) {
            return Sha256.of(in, checksum.length()).equals(checksum);
        } catch (IOException e) {
            return false;
        }
    }
}
