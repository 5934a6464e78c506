package bpnn.chart;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Curves over a common axis.
 *
 * @param id its name in files
 * @param title what it shows
 * @param alternative the same for those who cannot see it
 * @param x the horizontal axis
 * @param y the vertical axis
 * @param series the curves
 * @param wedges whether the area between each contender's first two curves is filled
 * @param target a horizontal line; null for none
 */
public record Chart(
        String id,
        String title,
        String alternative,
        Axis x,
        Axis y,
        List<Series> series,
        boolean wedges,
        @Nullable Target target)
        implements Figure {

    /**
     * An axis.
     *
     * @param label quantity and unit
     * @param logarithmic whether equal ratios are equally long
     */
    public record Axis(String label, boolean logarithmic) {
        /** Equal differences are equally long. */
        public static Axis linear(String label) {
            return new Axis(label, false);
        }

        /** The largest value that there can be. */
        public double most() {
            return label.contains("%") ? 100 : Double.POSITIVE_INFINITY;
        }

        /** Equal ratios are equally long. */
        public static Axis logarithmic(String label) {
            return new Axis(label, true);
        }
    }

    /**
     * A value that curves are to reach.
     *
     * @param value where on the vertical axis
     * @param label what it is
     */
    public record Target(double value, String label) {}

    public Chart {
        series = List.copyOf(series);
    }

    /** Plain curves. */
    public static Chart of(String id, String title, String alternative, Axis x, Axis y, List<Series> series) {
        return new Chart(id, title, alternative, x, y, series, false, null);
    }

    /** The same with a horizontal line. */
    public Chart withTarget(double value, String label) {
        return new Chart(id, title, alternative, x, y, series, wedges, new Target(value, label));
    }

    /** The same with the area between each contender's first two curves filled. */
    public Chart withWedges() {
        return new Chart(id, title, alternative, x, y, series, true, target);
    }

    @Override
    public Chart asChart() {
        return this;
    }
}
