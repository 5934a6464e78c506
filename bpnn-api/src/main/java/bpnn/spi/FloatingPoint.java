package bpnn.spi;

/**
 * The floating-point mode of the thread that asks. A native library that was built with {@code -ffast-math}, or sets the
 * mode itself, makes the thread that loads it flush subnormals to zero, in Java too; threads that this one starts
 * inherit it.
 */
public final class FloatingPoint {
    /** What is wrong where subnormals are not kept, to be put behind what it is wrong since. */
    public static final String FAULT =
            "this thread flushes subnormals to zero, in Java too: a native library changed its floating-point mode";

    /** Volatile, so that no compiler computes the answer beforehand. */
    private static volatile float smallestNormal = Float.MIN_NORMAL;

    private FloatingPoint() {}

    /** Whether 2⁻¹²⁶ · 2⁻¹, which is subnormal, is more than 0, as it is in IEEE 754. */
    public static boolean keepsSubnormals() {
        return smallestNormal * 0.5f > 0;
    }
}
