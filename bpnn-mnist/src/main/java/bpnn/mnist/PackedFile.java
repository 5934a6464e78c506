package bpnn.mnist;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Files that may be compressed by gzip, which their content tells. */
public final class PackedFile {
    private static final int GZIP_MARK = 0x1F8B;
    private static final int BUFFER_BYTES = 1 << 16;

    private PackedFile() {}

    /** The unpacked content of a plain or gzip file. */
    public static InputStream open(Path path) throws IOException {
        InputStream raw = new BufferedInputStream(Files.newInputStream(path), BUFFER_BYTES);
        try {
            raw.mark(2);
            boolean packed = (raw.read() << 8 | raw.read()) == GZIP_MARK;
            raw.reset();
            return packed ? new GZIPInputStream(raw, BUFFER_BYTES) : raw;
        } catch (IOException e) {
            raw.close();
            throw e;
        }
    }
}
