package bpnn.io.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file or folder that is needed for a while. Closing it removes it with everything in it, unless it was kept. In a try
 * statement, a failure to remove it does not hide what went wrong before.
 */
public final class Scratch implements AutoCloseable {
    private final Path path;
    private boolean kept;

    /** @param path what is there, or is about to be */
    public Scratch(Path path) {
        this.path = path;
    }

    /** A new folder where the system has its temporary files. */
    public static Scratch folder(String prefix) throws IOException {
        return new Scratch(Files.createTempDirectory(prefix));
    }

    public Path path() {
        return path;
    }

    /** Closing removes nothing. */
    public void keep() {
        kept = true;
    }

    @Override
    public void close() throws IOException {
        if (!kept) {
            FileTree.remove(path);
        }
    }
}
