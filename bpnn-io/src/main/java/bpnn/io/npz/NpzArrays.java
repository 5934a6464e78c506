package bpnn.io.npz;

import bpnn.data.DataException;
import bpnn.io.file.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Reads arrays of whole numbers from archives of {@code numpy.savez}, and believes nothing that they say of their sizes. */
public final class NpzArrays {
    private static final int MAX_BYTES = Integer.MAX_VALUE - 8;
    private static final int CHUNK = 1 << 20;

    private NpzArrays() {}

    /**
     * Reads those arrays of an archive whose names are wanted.
     *
     * @throws DataException if the archive cannot be read or is malformed, or an array holds something else
     */
    public static SortedMap<String, NpyArray> read(Path file, Predicate<String> wanted) {
        SortedMap<String, NpyArray> arrays = new TreeMap<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                String name = entry.getName().replaceFirst("\\.npy$", "");
                if (wanted.test(name)) {
                    try (InputStream in = zip.getInputStream(entry)) {
                        if (arrays.put(name, read(file, name, in)) != null) {
                            throw fault(file, "it holds \"" + name + "\" twice");
                        }
                    }
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            String reason = e instanceof IOException io ? AtomicFile.reason(io) : e.getMessage();
            throw new DataException(file + " could not be read as an archive of NumPy: " + reason + ".", e);
        }
        return arrays;
    }

    private static NpyArray read(Path file, String name, InputStream in) throws IOException {
        NpyHeader header = NpyHeader.read(file, name, in);
        Integer width =
                header.type().length() == 3 ? NpyArray.WIDTHS.get(header.type().substring(1)) : null;
        if (width == null || "<>=|".indexOf(header.type().charAt(0)) < 0) {
            throw fault(
                    file,
                    "\"" + name + "\" has the type " + header.type()
                            + ", but only whole numbers (u1, i8 and the like) can be read here");
        }
        List<Integer> shape = header.shape(file, name);
        long claimed = width;
        for (int side : shape) {
            if (side == 0 || claimed > MAX_BYTES / side) {
                throw fault(file, "\"" + name + "\" claims the shape " + shape + ", which cannot be held in memory");
            }
            claimed *= side;
        }
        byte[] content = content(file, name, in, (int) claimed);
        return new NpyArray(file, name, header.type(), shape, header.columnsFirst(), header.order(), content);
    }

    /** Grows with what is there, not with what the header claims. */
    private static byte[] content(Path file, String name, InputStream in, int claimed) throws IOException {
        byte[] content = new byte[Math.min(claimed, CHUNK)];
        int filled = 0;
        while (filled < claimed) {
            if (filled == content.length) {
                content = Arrays.copyOf(content, (int) Math.min(claimed, 2L * filled));
            }
            int read = in.read(content, filled, content.length - filled);
            if (read < 0) {
                throw fault(file, "\"" + name + "\" claims " + claimed + " bytes, but has " + filled);
            }
            filled += read;
        }
        if (in.read() >= 0) {
            throw fault(file, "\"" + name + "\" has more than the " + claimed + " bytes that it claims");
        }
        return content;
    }

    private static DataException fault(Path file, String what) {
        return new DataException(file + " cannot be used: " + what + ".");
    }
}
