package bpnn.mnist;

import bpnn.data.DataException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * An IDX file of unsigned bytes in memory, read from a plain or gzip file, detected by content.
 *
 * <p>Format: two zero bytes, the element type (8: unsigned byte), the number of dimensions, each dimension as a
 * big-endian 32-bit number, then the elements in row-major order. Source: Y. LeCun, C. Cortes, C. J. C. Burges, "The
 * MNIST database of handwritten digits".
 */
final class IdxFile {
    private static final int UNSIGNED_BYTE = 8;
    private static final int GZIP_MARK = 0x1F8B;
    private static final int BUFFER_BYTES = 1 << 16;
    /** Initial buffer size as a multiple of the gzip file size. */
    private static final long USUAL_PACKING = 64;
    /** The maximum array length of some JVMs. */
    private static final long MAX_BYTES = Integer.MAX_VALUE - 8;

    private final Path path;
    private final int[] dimensions;
    private final byte[] elements;
    private final String sha256;

    private IdxFile(Path path, int[] dimensions, byte[] elements, String sha256) {
        this.path = path;
        this.dimensions = dimensions;
        this.elements = elements;
        this.sha256 = sha256;
    }

    /**
     * Reads a file.
     *
     * @param rank the required number of dimensions
     * @throws DataException if it cannot be read or is not a complete and well-formed IDX file
     */
    static IdxFile read(Path path, int rank) {
        if (Files.isDirectory(path)) {
            throw new DataException(path + " is a folder where an IDX file is expected.");
        }
        try (InputStream in = open(path)) {
            return parse(path, rank, in);
        } catch (EOFException e) {
            throw new DataException("The gzip file " + path + " is truncated; fetch it again.", e);
        } catch (ZipException e) {
            throw new DataException(
                    "The gzip file " + path + " is corrupt (" + FileErrors.reason(e) + "); fetch it again.", e);
        } catch (IOException e) {
            throw new DataException("The file " + path + " cannot be read: " + FileErrors.reason(e) + ".", e);
        }
    }

    /** The unpacked content of a plain or gzip file. */
    static InputStream open(Path path) throws IOException {
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

    private static IdxFile parse(Path path, int rank, InputStream in) throws IOException {
        byte[] header = in.readNBytes(4 + 4 * rank);
        byte[] mark = {0, 0, UNSIGNED_BYTE, (byte) rank};
        if (header.length == 0) {
            throw new DataException("The file " + path + " is empty.");
        }
        if (!Arrays.equals(mark, Arrays.copyOf(header, Math.min(4, header.length)))) {
            throw new DataException("The file " + path + " is not an IDX file of "
                    + (rank == 3 ? "images" : "labels") + ": it starts with " + hex(header) + ", not with " + hex(mark)
                    + ".");
        }
        if (header.length < 4 + 4 * rank) {
            throw new DataException("The file " + path + " is truncated: it ends within its header.");
        }
        int[] dimensions = new int[rank];
        ByteBuffer.wrap(header, 4, 4 * rank).asIntBuffer().get(dimensions);
        long size = size(path, dimensions);
        MessageDigest digest = Sha256.digest();
        digest.update(header);
        byte[] elements = elements(path, dimensions, (int) size, in, digest);
        if (in.read() >= 0) {
            throw new DataException("The file " + path + " has trailing bytes after the " + size + " that its header "
                    + text(dimensions) + " announces.");
        }
        return new IdxFile(path, dimensions, elements, Sha256.text(digest));
    }

    /** Reads and hashes in chunks, so that the JIT compiles both loops early. */
    private static byte[] elements(Path path, int[] dimensions, int size, InputStream in, MessageDigest digest)
            throws IOException {
        // Grows with the actual content, so a wrong header cannot allocate memory.
        long likely = Math.max(BUFFER_BYTES, USUAL_PACKING * Files.size(path));
        byte[] elements = new byte[(int) Math.min(size, likely)];
        int filled = 0;
        while (filled < size) {
            if (filled == elements.length) {
                elements = Arrays.copyOf(elements, (int) Math.min(size, 2L * filled));
            }
            int read = in.read(elements, filled, Math.min(BUFFER_BYTES, elements.length - filled));
            if (read < 0) {
                throw new DataException("The file " + path + " is truncated: its header " + text(dimensions) + " needs "
                        + size + " bytes, but only " + filled + " follow.");
            }
            digest.update(elements, filled, read);
            filled += read;
        }
        return elements;
    }

    private static long size(Path path, int[] dimensions) {
        long size = 1;
        for (int dimension : dimensions) {
            long length = dimension & 0xFFFFFFFFL;
            if (length == 0) {
                throw new DataException(
                        "The file " + path + " holds nothing: its header says " + text(dimensions) + ".");
            }
            if (size > MAX_BYTES / length) {
                throw new DataException("The file " + path + " announces " + text(dimensions)
                        + " bytes in its header, which is more than an array can hold.");
            }
            size *= length;
        }
        return size;
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes, 0, Math.min(4, bytes.length));
    }

    private static String text(int[] dimensions) {
        return Arrays.stream(dimensions).mapToObj(Integer::toUnsignedString).collect(Collectors.joining("x"));
    }

    Path path() {
        return path;
    }

    int dimension(int axis) {
        return dimensions[axis];
    }

    /** The elements, not copied. */
    byte[] elements() {
        return elements;
    }

    /** SHA-256 over the unpacked content of the file, header included. */
    String sha256() {
        return sha256;
    }
}
