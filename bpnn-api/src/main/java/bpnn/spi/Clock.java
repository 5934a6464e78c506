package bpnn.spi;

/**
 * The step counters of a training, four 32-bit integers in backend memory, [1, 4]: a recorded step reads its position
 * from them.
 */
public final class Clock {
    /** Element: the step within the epoch, from 0. */
    public static final int STEP = 0;
    /** Element: the position in the epoch's order where the batch begins, in images. */
    public static final int BATCH = 1;
    /** Element: the step since training began, from 0; the step of the dropout counter. */
    public static final int TOTAL = 2;
    /** Element: the epoch, from 1; the step of the augmentation counter. */
    public static final int EPOCH = 3;
    /** Number of elements. */
    public static final int LENGTH = 4;

    private Clock() {}
}
