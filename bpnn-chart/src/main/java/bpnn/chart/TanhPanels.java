package bpnn.chart;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where on the curve of tanh the units of a layer sit: a panel for each contender.
 *
 * @param id its name in files
 * @param title what it shows
 * @param alternative the same for those who cannot see it
 * @param panels side by side
 */
public record TanhPanels(String id, String title, String alternative, List<Panel> panels) implements Figure {

    /**
     * A contender's distribution of what goes into tanh.
     *
     * @param contender its number
     * @param label what it is called
     * @param density share of the values in each bin of {@link Bins#PREACTIVATION}
     * @param saturated share of the values where tanh is flat
     */
    @SuppressWarnings("ArrayRecordComponent") // a carrier of shares; identity is the right equality
    public record Panel(int contender, String label, double[] density, double saturated) {}

    public TanhPanels {
        panels = List.copyOf(panels);
    }

    @Override
    public Chart asChart() {
        double[] x = new double[Bins.PREACTIVATION.count()];
        Arrays.setAll(x, Bins.PREACTIVATION::centre);
        List<Series> series = new ArrayList<>();
        for (Panel panel : panels) {
            double[] percent =
                    Arrays.stream(panel.density()).map(share -> 100 * share).toArray();
            series.add(Series.plain(panel.contender(), panel.label(), Series.Stroke.SOLID, x, percent));
        }
        return Chart.of(
                id,
                title,
                alternative,
                Chart.Axis.linear("input of tanh; the outermost bins hold all beyond"),
                Chart.Axis.linear("share of values (%)"),
                series);
    }
}
