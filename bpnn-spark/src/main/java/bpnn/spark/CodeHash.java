package bpnn.spark;

import bpnn.io.tensor.TensorBytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;

/** Which program this is. */
final class CodeHash {
    /** The hash of the jar of this program that this process runs, computed once. */
    static final String OWN = hash(jar());

    private CodeHash() {}

    /** The jar with this program. */
    static Path jar() {
        CodeSource source = CodeHash.class.getProtectionDomain().getCodeSource();
        try {
            return Path.of(source.getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("The program's place is no file: " + source.getLocation(), e);
        }
    }

    private static String hash(Path jar) {
        return TensorBytes.sha256(out -> {
            try (InputStream in = Files.newInputStream(jar)) {
                in.transferTo(out);
            } catch (IOException e) {
                throw new UncheckedIOException(jar + " could not be read", e);
            }
        });
    }
}
