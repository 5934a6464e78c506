package bpnn.mnist;

import bpnn.data.DataException;
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
import java.util.zip.ZipException;

/**
 * An IDX file in memory, of unsigned bytes or, for labels, of 32-bit integers, read from a plain or gzip file, detected by
 * content.
 *
 * <p>Format: two zero bytes, the element type (8: unsigned byte, 12: signed 32-bit integer), the number of dimensions, each
 * dimension as a big-endian 32-bit number, then the elements in row-major order, big-endian. Source: Y. LeCun, C. Cortes,
 * C. J. C. Burges, "The MNIST database of handwritten digits".
 */
final class IdxFile {
    private static final int UNSIGNED_BYTE = 8;
    private static final int INT = 12;
    private static final int MARK_BYTES = 4;
    private static final int BUFFER_BYTES = 1 << 16;
    /** Initial buffer size as a multiple of the gzip file size. */
    private static final long USUAL_PACKING = 64;
    /** The maximum array length of some JVMs. */
    private static final long MAX_BYTES = Integer.MAX_VALUE - 8;

    private final Path path;
    private final int type;
    private final int[] dimensions;
    private final byte[] elements;
    private final String sha256;

    private IdxFile(Path path, int type, int[] dimensions, byte[] elements, String sha256) {
        this.path = path;
        this.type = type;
        this.dimensions = dimensions;
        this.elements = elements;
        this.sha256 = sha256;
    }

    /**
     * Reads a file.
     *
     * @param part what it must hold
     * @throws DataException if it cannot be read or is not a complete and well-formed IDX file
     */
    static IdxFile read(Path path, IdxPart part) {
        if (Files.isDirectory(path)) {
            throw new DataException(path + " is a folder where an IDX file is expected.");
        }
        try (InputStream in = PackedFile.open(path)) {
            return parse(path, part, in);
        } catch (EOFException e) {
            throw new DataException("The gzip file " + path + " is truncated; fetch it again.", e);
        } catch (ZipException e) {
            throw new DataException(
                    "The gzip file " + path + " is corrupt (" + FileErrors.reason(e) + "); fetch it again.", e);
        } catch (IOException e) {
            throw new DataException("The file " + path + " cannot be read: " + FileErrors.reason(e) + ".", e);
        }
    }

    private static IdxFile parse(Path path, IdxPart part, InputStream in) throws IOException {
        byte[] mark = in.readNBytes(MARK_BYTES);
        if (mark.length == 0) {
            throw new DataException("The file " + path + " is empty.");
        }
        if (mark.length < MARK_BYTES || !isMarkOf(part, mark)) {
            byte[] usual = {0, 0, UNSIGNED_BYTE, (byte) part.rank()};
            throw new DataException("The file " + path + " is not an IDX file of "
                    + (part.isImages() ? "images" : "labels") + ": it starts with "
                    + HexFormat.of().formatHex(mark) + ", not with "
                    + HexFormat.of().formatHex(usual) + ".");
        }
        int rank = mark[MARK_BYTES - 1];
        byte[] sides = in.readNBytes(Integer.BYTES * rank);
        if (sides.length < Integer.BYTES * rank) {
            throw new DataException("The file " + path + " is truncated: it ends within its header.");
        }
        int[] dimensions = new int[rank];
        ByteBuffer.wrap(sides).asIntBuffer().get(dimensions);
        int type = mark[2];
        long size = size(path, dimensions, type == INT ? Integer.BYTES : 1);
        MessageDigest digest = Sha256.digest();
        digest.update(mark);
        digest.update(sides);
        byte[] elements = elements(path, dimensions, (int) size, in, digest);
        if (in.read() >= 0) {
            throw new DataException("The file " + path + " has trailing bytes after the " + size + " that its header "
                    + text(dimensions) + " announces.");
        }
        return new IdxFile(path, type, dimensions, elements, Sha256.text(digest));
    }

    /** Images may have channels, and labels may be integers with further columns, as QMNIST's are. */
    private static boolean isMarkOf(IdxPart part, byte[] mark) {
        int rank = mark[MARK_BYTES - 1];
        boolean type = mark[2] == UNSIGNED_BYTE || (mark[2] == INT && !part.isImages());
        return mark[0] == 0 && mark[1] == 0 && type && (rank == part.rank() || rank == part.rank() + 1);
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

    private static long size(Path path, int[] dimensions, int elementBytes) {
        long size = elementBytes;
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

    private static String text(int[] dimensions) {
        return Arrays.stream(dimensions).mapToObj(Integer::toUnsignedString).collect(Collectors.joining("x"));
    }

    Path path() {
        return path;
    }

    int rank() {
        return dimensions.length;
    }

    int dimension(int axis) {
        return dimensions[axis];
    }

    /** The elements as numbers; of a table, its first column. */
    int[] firstColumn() {
        int columns = dimensions.length == 1 ? 1 : dimensions[1];
        int[] column = new int[dimensions[0]];
        ByteBuffer bytes = ByteBuffer.wrap(elements);
        for (int i = 0; i < column.length; i++) {
            int place = i * columns;
            column[i] = type == INT ? bytes.getInt(Integer.BYTES * place) : elements[place] & 0xFF;
        }
        return column;
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
