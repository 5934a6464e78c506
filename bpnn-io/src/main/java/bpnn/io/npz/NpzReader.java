package bpnn.io.npz;

import bpnn.data.DataException;
import bpnn.io.file.AtomicFile;
import bpnn.nn.StateTensor;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Reads archives of {@code numpy.savez} and {@code savez_compressed} that hold vectors and matrices of float32 or
 * float64, the latter rounded, and believes nothing that they say of their sizes.
 */
public final class NpzReader {
    static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

    private static final Pattern HEADER = Pattern.compile("\\s*\\{\\s*'descr':\\s*'([^']*)',\\s*'fortran_order':\\s*"
            + "(True|False),\\s*'shape':\\s*\\(([0-9, ]*)\\),?\\s*}\\s*");
    private static final int MAX_HEADER = 10_000;
    private static final int QUOTED = 120;
    private static final int MAX_ARRAYS = 10_000;
    private static final int MAX_VALUES = Integer.MAX_VALUE - 8;
    private static final int CHUNK = 1 << 16;

    private final Path file;

    private NpzReader(Path file) {
        this.file = file;
    }

    /**
     * Reads a whole file.
     *
     * @throws DataException if it cannot be read or is malformed
     */
    public static SortedMap<String, StateTensor> read(Path file) {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            return new NpzReader(file).read(zip);
        } catch (IOException | IllegalArgumentException e) {
            String reason = e instanceof IOException io ? AtomicFile.reason(io) : e.getMessage();
            throw new DataException(file + " could not be read as an archive of NumPy: " + reason + ".", e);
        }
    }

    private SortedMap<String, StateTensor> read(ZipFile zip) throws IOException {
        if (zip.size() > MAX_ARRAYS) {
            throw fault("it holds " + zip.size() + " arrays, but at most " + MAX_ARRAYS + " are allowed");
        }
        SortedMap<String, StateTensor> tensors = new TreeMap<>();
        for (ZipEntry entry : Collections.list(zip.entries())) {
            String name = entry.getName().replaceFirst("\\.npy$", "");
            try (InputStream in = zip.getInputStream(entry)) {
                if (!name.endsWith(".num_batches_tracked") && tensors.put(name, readArray(name, in)) != null) {
                    throw fault("it holds \"" + name + "\" twice");
                }
            }
        }
        return tensors;
    }

    private StateTensor readArray(String name, InputStream in) throws IOException {
        byte[] begin = readFully(in, MAGIC.length + 2);
        int version = begin[MAGIC.length];
        if (!Arrays.equals(begin, 0, MAGIC.length, MAGIC, 0, MAGIC.length) || version < 1 || version > 3) {
            throw fault("\"" + name + "\" is no array of NumPy");
        }
        ByteBuffer length = little(readFully(in, version == 1 ? Short.BYTES : Integer.BYTES));
        long headerLength =
                version == 1 ? Short.toUnsignedInt(length.getShort()) : Integer.toUnsignedLong(length.getInt());
        if (headerLength > MAX_HEADER) {
            throw fault("the header of \"" + name + "\" claims " + headerLength + " bytes");
        }
        String header = new String(readFully(in, (int) headerLength), StandardCharsets.UTF_8);
        Matcher matcher = HEADER.matcher(header);
        if (!matcher.matches()) {
            throw fault("the header of \"" + name + "\" is not understood: " + brief(header.strip()));
        }
        int width = switch (matcher.group(1)) {
            case "<f4" -> Float.BYTES;
            case "<f8" -> Double.BYTES;
            default ->
                throw fault("\"" + name + "\" has the type " + matcher.group(1) + ", but only <f4 and <f8 can be read");
        };
        List<Integer> shape = shape(name, matcher.group(3));
        float[] values = readValues(name, in, width, shape);
        boolean columnsFirst = matcher.group(2).equals("True") && shape.size() == 2;
        return new StateTensor(shape, columnsFirst ? rowsFirst(values, shape) : values);
    }

    private List<Integer> shape(String name, String sides) {
        List<Integer> shape = new ArrayList<>();
        for (String side : sides.split(",", -1)) {
            if (!side.isBlank()) {
                if (side.strip().length() > 9) {
                    throw fault("\"" + name + "\" has the impossible side " + side.strip());
                }
                shape.add(Integer.valueOf(side.strip()));
            }
        }
        if (shape.isEmpty() || shape.size() > 2) {
            throw fault("\"" + name + "\" has " + shape.size() + " sides, but a weight has 1 or 2");
        }
        return shape;
    }

    /** Grows with what is there, not with what the header claims. */
    private float[] readValues(String name, InputStream in, int width, List<Integer> shape) throws IOException {
        long claimed = shape.stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b);
        if (claimed > MAX_VALUES) {
            throw fault("\"" + name + "\" claims " + claimed + " values, but at most " + MAX_VALUES + " are possible");
        }
        float[] values = new float[(int) Math.min(claimed, CHUNK)];
        int count = 0;
        while (count < claimed) {
            byte[] bytes = in.readNBytes((int) Math.min(claimed - count, CHUNK) * width);
            int read = bytes.length / width;
            if (read == 0) {
                throw fault("\"" + name + "\" claims " + claimed + " values, but has " + count);
            }
            if (count + read > values.length) {
                values = Arrays.copyOf(values, (int) Math.min(claimed, 2L * (count + read)));
            }
            ByteBuffer buffer = little(bytes);
            for (int i = 0; i < read; i++) {
                values[count++] = width == Float.BYTES ? buffer.getFloat() : (float) buffer.getDouble();
            }
        }
        if (in.read() >= 0) {
            throw fault("\"" + name + "\" has more values than the " + claimed + " that it claims");
        }
        return values;
    }

    private static float[] rowsFirst(float[] values, List<Integer> shape) {
        int rows = shape.get(0);
        int cols = shape.get(1);
        float[] result = new float[values.length];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < cols; j++) {
                result[i * cols + j] = values[j * rows + i];
            }
        }
        return result;
    }

    private static byte[] readFully(InputStream in, int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException("an array ended within its header");
        }
        return bytes;
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static String brief(String text) {
        return text.length() > QUOTED ? text.substring(0, QUOTED) + "..." : text;
    }

    private DataException fault(String what) {
        return new DataException(file + " cannot be used: " + what + ".");
    }
}
