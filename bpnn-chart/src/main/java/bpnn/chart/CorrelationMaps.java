package bpnn.chart;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which units of a layer rise and fall together: a map for each contender, a row and a column for each unit.
 *
 * @param id its name in files
 * @param title what it shows
 * @param alternative the same for those who cannot see it
 * @param panels side by side
 */
public record CorrelationMaps(String id, String title, String alternative, List<Panel> panels) implements Figure {
    /** The colours of r = -1 and r = 1; what lies between is paler. */
    private static final Color OPPOSED = ChartPicture.TONES.get(0);

    private static final Color TOGETHER = ChartPicture.TONES.get(1);

    /**
     * A contender's map.
     *
     * @param contender its number
     * @param label what it is called
     * @param r correlations of pairs of units; NaN where there is none
     * @param magnitude mean of |r| over the pairs of the map
     */
    @SuppressWarnings("ArrayRecordComponent") // a carrier of measurements; identity is the right equality
    public record Panel(int contender, String label, double[][] r, double magnitude) {

        /** |r| of every pair of two units, descending. */
        double[] magnitudes() {
            double[] ascending = IntStream.range(0, r.length)
                    .boxed()
                    .flatMapToDouble(i -> Arrays.stream(r[i], 0, i))
                    .filter(Double::isFinite)
                    .map(Math::abs)
                    .sorted()
                    .toArray();
            double[] descending = new double[ascending.length];
            Arrays.setAll(descending, i -> ascending[ascending.length - 1 - i]);
            return descending;
        }

        /** A pixel for each pair, transparent where r is 0, so that it goes with any ground. */
        public BufferedImage image() {
            BufferedImage image = new BufferedImage(r.length, r.length, BufferedImage.TYPE_INT_ARGB);
            for (int row = 0; row < r.length; row++) {
                for (int column = 0; column < r.length; column++) {
                    double value = r[row][column];
                    Color tone = value < 0 ? OPPOSED : TOGETHER;
                    int alpha = Double.isFinite(value) ? (int) Math.round(255 * Math.min(1, Math.abs(value))) : 0;
                    image.setRGB(column, row, (alpha << 24) | (tone.getRGB() & 0xFFFFFF));
                }
            }
            return image;
        }
    }

    public CorrelationMaps {
        panels = List.copyOf(panels);
    }

    /** |r| of every pair, from the largest to the smallest. */
    @Override
    public Chart asChart() {
        List<Series> series = new ArrayList<>();
        for (Panel panel : panels) {
            double[] y = panel.magnitudes();
            double[] x = new double[y.length];
            Arrays.setAll(x, i -> 100 * (i + 0.5) / x.length);
            series.add(Series.plain(panel.contender(), panel.label(), Series.Stroke.SOLID, x, y));
        }
        return Chart.of(
                id,
                title,
                alternative,
                Chart.Axis.linear("share of pairs (%)"),
                Chart.Axis.linear("|Pearson's r|"),
                series);
    }
}
