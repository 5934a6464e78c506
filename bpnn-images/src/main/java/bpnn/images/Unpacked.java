package bpnn.images;

import bpnn.data.DataException;
import bpnn.mnist.PackedFile;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The content of a file that may be packed by gzip, or alone in a zip archive; told by its first bytes. */
final class Unpacked {
    private static final byte[] ZIP = {'P', 'K', 3, 4};

    private Unpacked() {}

    /** @throws DataException if an archive holds several files */
    static InputStream open(Path file) throws IOException {
        byte[] mark;
        try (InputStream in = Files.newInputStream(file)) {
            mark = in.readNBytes(ZIP.length);
        }
        return Arrays.equals(mark, ZIP) ? onlyEntry(file) : PackedFile.open(file);
    }

    private static InputStream onlyEntry(Path file) throws IOException {
        ZipFile zip = new ZipFile(file.toFile());
        try {
            List<? extends ZipEntry> entries = Collections.list(zip.entries()).stream()
                    .filter(entry -> !entry.isDirectory() && !entry.getName().startsWith("__MACOSX"))
                    .toList();
            if (entries.size() != 1) {
                throw new DataException(
                        file + " holds " + entries.size() + " files, but one is expected; unpack it first.");
            }
            return new FilterInputStream(zip.getInputStream(entries.get(0))) {
                @Override
                public void close() throws IOException {
                    zip.close();
                }
            };
        } catch (IOException | RuntimeException e) {
            zip.close();
            throw e;
        }
    }
}
