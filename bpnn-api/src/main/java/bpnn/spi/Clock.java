package bpnn.spi;

/**
 * The counters of a training run, three 32-bit integers in backend memory, [1, 3]: what a recorded step reads to know
 * which step it is.
 */
public final class Clock {
    /** Element: the step within the epoch, from 0. */
    public static final int STEP = 0;
    /** Element: the place in the epoch's order where the batch begins, in images. */
    public static final int BATCH = 1;
    /** Element: the step since training began, from 0; the step of the dropout counter. */
    public static final int TOTAL = 2;
    /** Number of elements. */
    public static final int LENGTH = 3;

    private Clock() {}
}
