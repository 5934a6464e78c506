package bpnn.cuda;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The cache of the dynamic linker of glibc, {@code /etc/ld.so.cache}: the magic
 * {@code glibc-ld.so.cache1.1}, the number of entries, and for each a flag word, the offsets of its name and its path
 * from the beginning, and two more words (glibc, {@code sysdeps/generic/dl-cache.h}).
 */
final class LinkerCache {
    private static final byte[] MAGIC = "glibc-ld.so.cache1.1".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER = 48;
    private static final int ENTRY = 24;
    /** Flags: an ELF library of glibc 2 for x86-64. */
    private static final int X86_64 = 0x303;

    private LinkerCache() {}

    /** The path of a library; empty if it or the cache does not exist. */
    static Optional<Path> find(Path index, String library) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(index);
        } catch (IOException e) {
            return Optional.empty();
        }
        ByteBuffer cache = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < HEADER || ByteBuffer.wrap(bytes, 0, MAGIC.length).compareTo(ByteBuffer.wrap(MAGIC)) != 0) {
            return Optional.empty();
        }
        int count = Math.min(cache.getInt(MAGIC.length), (bytes.length - HEADER) / ENTRY);
        for (int i = 0; i < count; i++) {
            int entry = HEADER + i * ENTRY;
            if (cache.getInt(entry) == X86_64
                    && text(bytes, cache.getInt(entry + 4)).equals(library)) {
                return Optional.of(Path.of(text(bytes, cache.getInt(entry + 8))));
            }
        }
        return Optional.empty();
    }

    private static String text(byte[] bytes, int offset) {
        int end = offset;
        while (end >= 0 && end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return end <= offset ? "" : new String(bytes, offset, end - offset, StandardCharsets.UTF_8);
    }
}
