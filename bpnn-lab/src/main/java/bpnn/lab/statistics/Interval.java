package bpnn.lab.statistics;

/**
 * An estimate and what it may as well be, with 95 % confidence.
 *
 * @param mean the estimate
 * @param low lower end; NaN where the data cannot tell
 * @param high upper end; NaN where the data cannot tell
 */
public record Interval(double mean, double low, double high) {
    /** Whether the whole interval lies below 0; false where the data cannot tell. */
    public boolean isNegative() {
        return high < 0;
    }

    /** Whether the whole interval lies above 0; false where the data cannot tell. */
    public boolean isPositive() {
        return low > 0;
    }

    /** Whether a value is one of those that the estimate may as well be. */
    public boolean contains(double value) {
        return low <= value && value <= high;
    }

    /** Whether the data could tell how far off the estimate may be. */
    public boolean isKnown() {
        return Double.isFinite(low) && Double.isFinite(high);
    }
}
