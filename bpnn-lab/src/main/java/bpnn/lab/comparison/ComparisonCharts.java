package bpnn.lab.comparison;

import bpnn.chart.Chart;
import bpnn.chart.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;

/** Comparisons with one reference as charts. */
final class ComparisonCharts {
    private final ComparedRun reference;
    private final List<Comparison> comparisons;

    ComparisonCharts(ComparedRun reference, List<Comparison> comparisons) {
        this.reference = reference;
        this.comparisons = comparisons;
    }

    /** Those of which there is something to draw: a logarithmic axis has no place for trainings that are equal. */
    List<Chart> all() {
        List<Chart> charts = new ArrayList<>();
        List<Series> losses = new ArrayList<>();
        add(losses, 0, reference.name(), Series.Stroke.SOLID, widened(reference.losses()), false);
        List<Series> differences = new ArrayList<>();
        List<Series> distances = new ArrayList<>();
        for (int i = 0; i < comparisons.size(); i++) {
            Comparison comparison = comparisons.get(i);
            String name = comparison.other().name();
            add(
                    losses,
                    i + 1,
                    name,
                    Series.Stroke.DASHED,
                    widened(comparison.other().losses()),
                    false);
            add(
                    differences,
                    i + 1,
                    name,
                    Series.Stroke.SOLID,
                    comparison.divergence().differences(),
                    true);
            NavigableMap<Long, Double> relative = new TreeMap<>();
            comparison.distances().forEach((step, distance) -> relative.put(step, distance.relative()));
            add(distances, i + 1, name, Series.Stroke.SOLID, relative, true);
        }
        if (!losses.isEmpty()) {
            charts.add(Chart.of(
                    "losses",
                    "Loss of each step",
                    "Training loss over steps: " + ends(losses),
                    Chart.Axis.logarithmic("step"),
                    Chart.Axis.linear("mean loss of the batch (nats)"),
                    losses));
        }
        Chart.Axis share = Chart.Axis.logarithmic("share of its size");
        if (!differences.isEmpty()) {
            Chart chart = Chart.of(
                    "loss-differences",
                    "Difference of the losses from " + reference.name() + "'s",
                    "Relative difference of the losses over steps: " + ends(differences),
                    Chart.Axis.logarithmic("step"),
                    share,
                    differences);
            charts.add(chart.withTarget(comparisons.get(0).divergence().threshold(), "parted"));
        }
        if (distances.stream().anyMatch(series -> series.x().length > 1)) {
            charts.add(Chart.of(
                    "weight-distances",
                    "Distance of the weights from " + reference.name() + "'s",
                    "Relative distance of the weights over steps: " + ends(distances),
                    Chart.Axis.logarithmic("step"),
                    share,
                    distances));
        }
        return charts;
    }

    private static NavigableMap<Long, Double> widened(SortedMap<Long, Float> values) {
        NavigableMap<Long, Double> result = new TreeMap<>();
        values.forEach((step, value) -> result.put(step, (double) value));
        return result;
    }

    private static void add(
            List<Series> series,
            int number,
            String name,
            Series.Stroke stroke,
            SortedMap<Long, Double> values,
            boolean logarithmic) {
        SortedMap<Long, Double> drawn = new TreeMap<>(values);
        drawn.keySet().removeIf(step -> step < 1);
        drawn.values().removeIf(value -> !Double.isFinite(value) || (logarithmic && value <= 0));
        if (!drawn.isEmpty()) {
            series.add(Series.plain(
                    number,
                    name,
                    stroke,
                    drawn.keySet().stream().mapToDouble(Long::doubleValue).toArray(),
                    drawn.values().stream().mapToDouble(Double::doubleValue).toArray()));
        }
    }

    private static String ends(List<Series> series) {
        List<String> parts = new ArrayList<>();
        for (Series each : series) {
            double[] y = each.y();
            parts.add(String.format(Locale.ROOT, "%s from %.3g to %.3g", each.label(), y[0], y[y.length - 1]));
        }
        return String.join("; ", parts) + ".";
    }
}
