package bpnn.spi;

/**
 * The step counters of a training, three 32-bit integers in backend memory, [1, 3]: a recorded step reads its position
 * from them.
 */
public final class Clock {
    /** Element: the step within the epoch, from 0. */
    public static final int STEP = 0;
    /** Element: the position in the epoch's order where the batch begins, in images. */
    public static final int BATCH = 1;
    /** Element: the step since training began, from 0; the step of the dropout counter. */
    public static final int TOTAL = 2;
    /** Number of elements. */
    public static final int LENGTH = 3;

    private Clock() {}
}
