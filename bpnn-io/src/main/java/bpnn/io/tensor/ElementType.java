package bpnn.io.tensor;

import java.nio.ByteBuffer;
import java.util.Locale;

/** Floating-point types of tensors in files; bpnn itself computes in float32. */
public enum ElementType {
    /** IEEE 754 binary16. */
    FLOAT16(Short.BYTES),
    /** The upper half of a float32. */
    BFLOAT16(Short.BYTES),
    /** IEEE 754 binary32. */
    FLOAT32(Float.BYTES),
    /** IEEE 754 binary64; rounded to the nearest float32, which is infinite from about 3.4e38. */
    FLOAT64(Double.BYTES);

    private static final int HALF_EXPONENT_MASK = 0x1F;
    private static final int HALF_FRACTION_MASK = 0x3FF;

    private final int width;

    ElementType(int width) {
        this.width = width;
    }

    /** Bytes of an element. */
    public int width() {
        return width;
    }

    /** Reads {@code count} elements in the buffer's byte order. */
    public void read(ByteBuffer bytes, float[] values, int from, int count) {
        if (this == FLOAT32) {
            bytes.asFloatBuffer().get(values, from, count);
            bytes.position(bytes.position() + count * Float.BYTES);
            return;
        }
        for (int i = from; i < from + count; i++) {
            values[i] = switch (this) {
                case FLOAT16 -> ofHalf(bytes.getShort());
                case BFLOAT16 -> Float.intBitsToFloat(bytes.getShort() << 16);
                case FLOAT32 -> bytes.getFloat();
                case FLOAT64 -> (float) bytes.getDouble();
            };
        }
    }

    /** What {@code Float.float16ToFloat} does from Java 20 on. */
    private static float ofHalf(short bits) {
        int sign = bits < 0 ? -1 : 1;
        int exponent = bits >> 10 & HALF_EXPONENT_MASK;
        int fraction = bits & HALF_FRACTION_MASK;
        if (exponent == HALF_EXPONENT_MASK) {
            return fraction == 0 ? sign * Float.POSITIVE_INFINITY : Float.NaN;
        }
        // Subnormal numbers have no implicit bit, and the exponent of the least normal ones.
        int significand = exponent == 0 ? fraction : fraction + HALF_FRACTION_MASK + 1;
        return Math.copySign(Math.scalb((float) significand, Math.max(exponent, 1) - 25), sign);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
