package bpnn.io.npz;

import bpnn.data.DataException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * An array of whole numbers as NumPy keeps it.
 *
 * @param file the archive that it is in
 * @param name its name there
 * @param type of an element, such as {@code |u1} or {@code <i8}
 * @param shape its sides
 * @param columnsFirst whether the first index runs fastest
 * @param order of the bytes of an element
 * @param content the elements' bytes
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier of bytes; identity is the right equality
public record NpyArray(
        Path file,
        String name,
        String type,
        List<Integer> shape,
        boolean columnsFirst,
        ByteOrder order,
        byte[] content) {
    private static final int BYTE = 255;

    /** Bytes of an element by type. */
    static final Map<String, Integer> WIDTHS =
            Map.of("b1", 1, "u1", 1, "i1", 1, "u2", 2, "i2", 2, "u4", 4, "i4", 4, "u8", 8, "i8", 8);

    /**
     * All elements, the last index fastest. An array of bytes is not copied.
     *
     * @throws DataException if one is not from 0 to 255
     */
    public byte[] toBytes() {
        if (type.endsWith("u1") && !columnsFirst) {
            return content;
        }
        byte[] bytes = new byte[count()];
        for (int i = 0; i < bytes.length; i++) {
            long value = at(i);
            if (value < 0 || value > BYTE) {
                throw fault(i, value, "a pixel is from 0 to " + BYTE);
            }
            bytes[place(i)] = (byte) value;
        }
        return bytes;
    }

    /**
     * All elements, the last index fastest.
     *
     * @throws DataException if one is no 32-bit number
     */
    public int[] toInts() {
        int[] numbers = new int[count()];
        for (int i = 0; i < numbers.length; i++) {
            long value = at(i);
            if (value != (int) value) {
                throw fault(i, value, "a label is a small number");
            }
            numbers[place(i)] = (int) value;
        }
        return numbers;
    }

    private int count() {
        return content.length / width();
    }

    private int width() {
        return WIDTHS.getOrDefault(type.substring(1), 1);
    }

    private DataException fault(int index, long value, String expected) {
        return new DataException(file + " cannot be used: \"" + name + "\" holds " + value + " as element " + index
                + ", but " + expected + ".");
    }

    /** An element by its place in the file. */
    private long at(int index) {
        ByteBuffer bytes = ByteBuffer.wrap(content).order(order);
        boolean signed = type.charAt(1) == 'i';
        return switch (width()) {
            case 1 -> signed ? content[index] : content[index] & 0xFF;
            case 2 -> signed ? bytes.getShort(2 * index) : bytes.getShort(2 * index) & 0xFFFF;
            case 4 -> signed ? bytes.getInt(4 * index) : bytes.getInt(4 * index) & 0xFFFF_FFFFL;
            default -> bytes.getLong(8 * index);
        };
    }

    /** Where an element goes, by its place in the file. */
    private int place(int index) {
        if (!columnsFirst) {
            return index;
        }
        int rest = index;
        int place = 0;
        int stride = count();
        for (int side : shape) {
            stride /= side;
            place += rest % side * stride;
            rest /= side;
        }
        return place;
    }
}
