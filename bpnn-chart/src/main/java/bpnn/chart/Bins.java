package bpnn.chart;

/**
 * Equal bins between two values; what lies outside falls into the first or the last one.
 *
 * @param low lower end of the first bin
 * @param high upper end of the last bin
 * @param count number of bins
 */
public record Bins(double low, double high, int count) {
    /** For what goes into tanh, which is flat outside. */
    public static final Bins PREACTIVATION = new Bins(-6, 6, 60);

    /** For what comes out of tanh. */
    public static final Bins ACTIVATION = new Bins(-1, 1, 40);

    /** The bin of a value; NaN falls into the first one. */
    public int of(double value) {
        int bin = (int) Math.floor((value - low) / width());
        return Math.max(0, Math.min(count - 1, bin));
    }

    /** How wide a bin is. */
    public double width() {
        return (high - low) / count;
    }

    /** The middle of a bin. */
    public double centre(int bin) {
        return low + (bin + 0.5) * width();
    }
}
