package bpnn.chart;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Distributions that change with time: a ridge for each moment, the first at the top; a panel for each contender.
 *
 * @param id its name in files
 * @param title what it shows
 * @param alternative the same for those who cannot see it
 * @param axis what the values are
 * @param bins where the values were counted
 * @param panels side by side
 */
public record Ridges(String id, String title, String alternative, String axis, Bins bins, List<Panel> panels)
        implements Figure {
    /** How far ridges overlap in the plain chart: the tallest one reaches so many rows up. */
    private static final double OVERLAP = 2.5;

    /**
     * A contender's distributions.
     *
     * @param contender its number
     * @param label what it is called
     * @param epochs the moments
     * @param density share of the values in each bin, a row for each moment
     */
    @SuppressWarnings("ArrayRecordComponent") // a carrier of shares; identity is the right equality
    public record Panel(int contender, String label, double[] epochs, double[][] density) {
        /** The largest share in any bin but the outermost, which also hold what lies outside. */
        public double peak() {
            return Arrays.stream(density)
                    .flatMapToDouble(row -> Arrays.stream(row, 1, row.length - 1))
                    .max()
                    .orElse(1);
        }
    }

    public Ridges {
        panels = List.copyOf(panels);
    }

    @Override
    public Chart asChart() {
        double[] x = new double[bins.count()];
        Arrays.setAll(x, bins::centre);
        List<Series> series = new ArrayList<>();
        for (Panel panel : panels) {
            double scale = OVERLAP / panel.peak();
            for (int row = 0; row < panel.epochs().length; row++) {
                double[] density = panel.density()[row];
                double[] y = new double[density.length];
                int base = panel.epochs().length - 1 - row;
                Arrays.setAll(y, bin -> base + Math.min(OVERLAP, scale * density[bin]));
                String label = String.format(Locale.ROOT, "%s, epoch %.1f", panel.label(), panel.epochs()[row]);
                series.add(Series.plain(panel.contender(), label, Series.Stroke.SOLID, x, y));
            }
        }
        return Chart.of(
                id,
                title,
                alternative,
                Chart.Axis.linear(axis),
                Chart.Axis.linear("time: first row at the top"),
                series);
    }
}
