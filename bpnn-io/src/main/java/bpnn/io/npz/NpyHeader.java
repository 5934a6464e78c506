package bpnn.io.npz;

import bpnn.data.DataException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What NumPy says of an array, as it says it.
 *
 * @param type such as {@code <f4}
 * @param columnsFirst whether the first index runs fastest, as in Fortran
 * @param sides the numbers between the brackets
 */
record NpyHeader(String type, boolean columnsFirst, String sides) {
    static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

    private static final Pattern HEADER = Pattern.compile("\\s*\\{\\s*'descr':\\s*'([^']*)',\\s*'fortran_order':\\s*"
            + "(True|False),\\s*'shape':\\s*\\(([0-9, ]*)\\),?\\s*}\\s*");
    private static final int MAX_HEADER = 10_000;
    private static final int QUOTED = 120;

    /** @throws DataException if it is malformed */
    static NpyHeader read(Path file, String name, InputStream in) throws IOException {
        byte[] begin = readFully(in, MAGIC.length + 2);
        int version = begin[MAGIC.length];
        if (!Arrays.equals(begin, 0, MAGIC.length, MAGIC, 0, MAGIC.length) || version < 1 || version > 3) {
            throw fault(file, "\"" + name + "\" is no array of NumPy");
        }
        ByteBuffer length = ByteBuffer.wrap(readFully(in, version == 1 ? Short.BYTES : Integer.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN);
        long headerLength =
                version == 1 ? Short.toUnsignedInt(length.getShort()) : Integer.toUnsignedLong(length.getInt());
        if (headerLength > MAX_HEADER) {
            throw fault(file, "the header of \"" + name + "\" claims " + headerLength + " bytes");
        }
        String header = new String(readFully(in, (int) headerLength), StandardCharsets.UTF_8);
        Matcher matcher = HEADER.matcher(header);
        if (!matcher.matches()) {
            throw fault(file, "the header of \"" + name + "\" is not understood: " + brief(header.strip()));
        }
        return new NpyHeader(matcher.group(1), matcher.group(2).equals("True"), matcher.group(3));
    }

    /** @throws DataException if a side is impossible */
    List<Integer> shape(Path file, String name) {
        List<Integer> shape = new ArrayList<>();
        for (String side : sides.split(",", -1)) {
            if (!side.isBlank()) {
                if (side.strip().length() > 9) {
                    throw fault(file, "\"" + name + "\" has the impossible side " + side.strip());
                }
                shape.add(Integer.valueOf(side.strip()));
            }
        }
        return shape;
    }

    /** The order of the bytes of a number. */
    ByteOrder order() {
        return switch (type.charAt(0)) {
            case '>' -> ByteOrder.BIG_ENDIAN;
            case '<' -> ByteOrder.LITTLE_ENDIAN;
            default -> ByteOrder.nativeOrder();
        };
    }

    private static byte[] readFully(InputStream in, int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException("an array ended within its header");
        }
        return bytes;
    }

    private static String brief(String text) {
        return text.length() > QUOTED ? text.substring(0, QUOTED) + "..." : text;
    }

    private static DataException fault(Path file, String what) {
        return new DataException(file + " cannot be used: " + what + ".");
    }
}
