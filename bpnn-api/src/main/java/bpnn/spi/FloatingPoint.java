package bpnn.spi;

/**
 * The floating-point mode of the calling thread. A native library that was built with {@code -ffast-math}, or sets the
 * mode itself, makes the thread that loads it flush subnormals to zero, in Java code too; threads started from it
 * inherit the mode.
 */
public final class FloatingPoint {
    /** The second half of a message "Since …, this thread flushes subnormals …". */
    public static final String FAULT =
            "this thread flushes subnormals to zero, in Java too: a native library changed its floating-point mode";

    /** Volatile, so that no compiler folds the test below. */
    private static volatile float smallestNormal = Float.MIN_NORMAL;

    private FloatingPoint() {}

    /** Whether 2⁻¹²⁶ · 2⁻¹, which is subnormal, is greater than 0, as IEEE 754 demands. */
    public static boolean keepsSubnormals() {
        return smallestNormal * 0.5f > 0;
    }
}
