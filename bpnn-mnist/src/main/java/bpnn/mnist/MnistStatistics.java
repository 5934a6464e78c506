package bpnn.mnist;

/** Figures of MNIST's 60,000 training images, for networks that were trained on inputs standardised by them. */
public final class MnistStatistics {
    private static final long SUM = 1_567_298_545L;
    private static final long SUM_OF_SQUARES = 342_590_800_147L;
    private static final double PIXELS = 60_000 * 784;

    private MnistStatistics() {}

    /** The mean of all pixels, 0 to 255. */
    public static double mean() {
        return SUM / PIXELS;
    }

    /** The standard deviation of all pixels. */
    public static double standardDeviation() {
        return StrictMath.sqrt(SUM_OF_SQUARES / PIXELS - mean() * mean());
    }
}
