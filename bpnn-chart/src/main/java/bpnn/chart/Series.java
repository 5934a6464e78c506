package bpnn.chart;

import java.util.Arrays;

/**
 * A curve with a band around it.
 *
 * @param contender number of the contender in its experiment, which decides the colour
 * @param label what it is called
 * @param stroke how it is drawn
 * @param x ascending
 * @param y NaN where there is no value
 * @param low lower end of the band; empty for no band
 * @param high upper end of the band; empty for no band
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier of points; identity is the right equality
public record Series(int contender, String label, Stroke stroke, double[] x, double[] y, double[] low, double[] high) {

    /** How a curve is drawn. */
    public enum Stroke {
        SOLID,
        DASHED,
        DOTTED
    }

    /** A curve without a band. */
    public static Series plain(int contender, String label, Stroke stroke, double[] x, double[] y) {
        return new Series(contender, label, stroke, x, y, new double[0], new double[0]);
    }

    /** The same with its band cut off where values cannot be. */
    public Series within(double least, double most) {
        return new Series(
                contender,
                label,
                stroke,
                x,
                y,
                Arrays.stream(low).map(value -> Math.max(least, value)).toArray(),
                Arrays.stream(high).map(value -> Math.min(most, value)).toArray());
    }

    /** Whether there is a band to draw. */
    public boolean hasBand() {
        return low.length > 0;
    }
}
