package bpnn.report;

import bpnn.chart.Chart;
import bpnn.chart.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The shapes of a chart of the contenders without and with the trick, in a box of 1 by 1, whose origin is at the bottom left: what is drawn where nothing but the shapes
 * matters.
 *
 * @param x the range of the horizontal axis
 * @param y the range of the vertical axis
 * @param marks from the back to the front
 * @param target height of the target's line; NaN for none
 */
record Sketch(Range x, Range y, List<Mark> marks, double target) {

    /** From where to where an axis goes. */
    record Range(double low, double high) {
        static Range of(DoubleStream values) {
            double[] finite = values.filter(Double::isFinite).sorted().toArray();
            return finite.length == 0 ? new Range(0, 1) : new Range(finite[0], finite[finite.length - 1]);
        }

        double share(double value) {
            return high > low ? (value - low) / (high - low) : 0.5;
        }
    }

    /**
     * A line, or an area within a closed line.
     *
     * @param contender decides the colour
     * @param filled whether it is an area
     * @param stroke how a line is drawn
     * @param x of each point
     * @param y of each point
     */
    @SuppressWarnings("ArrayRecordComponent") // a carrier of points; identity is the right equality
    record Mark(int contender, boolean filled, Series.Stroke stroke, double[] x, double[] y) {}

    Sketch {
        marks = List.copyOf(marks);
    }

    static Sketch of(Chart chart) {
        DoubleUnaryOperator across = chart.x().logarithmic() ? Math::log10 : DoubleUnaryOperator.identity();
        DoubleUnaryOperator up = chart.y().logarithmic() ? Math::log10 : DoubleUnaryOperator.identity();
        Chart.@Nullable Target target = chart.target();
        DoubleStream goal = target == null ? DoubleStream.empty() : DoubleStream.of(target.value());
        List<Series> all = chart.series().stream()
                .filter(series -> series.contender() <= Evidence.WITH)
                .toList();
        Range x = Range.of(all.stream()
                .flatMapToDouble(series -> DoubleStream.of(series.x()))
                .map(across));
        // A band may be so wide that nothing else could be seen; the curves decide, and bands are cut off.
        Range y =
                Range.of(DoubleStream.concat(goal, all.stream().flatMapToDouble(series -> DoubleStream.of(series.y())))
                        .map(up));
        Outline outline = new Outline(x, y, across, up);
        List<Mark> marks = new ArrayList<>();
        for (int i = 0; chart.wedges() && i + 1 < all.size(); i += 2) {
            marks.add(outline.between(all.get(i), all.get(i).y(), all.get(i + 1).y()));
        }
        for (Series series : chart.wedges() ? List.<Series>of() : all) {
            if (series.hasBand()) {
                marks.add(outline.between(series, series.low(), series.high()));
            }
        }
        all.forEach(series -> marks.add(outline.line(series)));
        return new Sketch(x, y, marks, target == null ? Double.NaN : y.share(up.applyAsDouble(target.value())));
    }

    /** Brings values into the box. */
    private record Outline(Range x, Range y, DoubleUnaryOperator across, DoubleUnaryOperator up) {
        Mark line(Series series) {
            int[] known = known(series.y());
            return new Mark(
                    series.contender(), false, series.stroke(), places(series.x(), known), heights(series.y(), known));
        }

        /** The area between two curves of a series. */
        Mark between(Series series, double[] low, double[] high) {
            int[] forth = IntStream.range(0, low.length)
                    .filter(i -> Double.isFinite(low[i]) && Double.isFinite(high[i]))
                    .toArray();
            int[] back = IntStream.range(0, forth.length)
                    .map(i -> forth[forth.length - 1 - i])
                    .toArray();
            double[] places = places(series.x(), forth);
            double[] returning = places(series.x(), back);
            return new Mark(
                    series.contender(),
                    true,
                    series.stroke(),
                    joined(places, returning),
                    joined(heights(low, forth), heights(high, back)));
        }

        private static int[] known(double[] values) {
            return IntStream.range(0, values.length)
                    .filter(i -> Double.isFinite(values[i]))
                    .toArray();
        }

        private double[] places(double[] values, int[] which) {
            return IntStream.of(which)
                    .mapToDouble(i -> x.share(across.applyAsDouble(values[i])))
                    .toArray();
        }

        private double[] heights(double[] values, int[] which) {
            return IntStream.of(which)
                    .mapToDouble(i -> Math.max(0, Math.min(1, y.share(up.applyAsDouble(values[i])))))
                    .toArray();
        }

        private static double[] joined(double[] a, double[] b) {
            return DoubleStream.concat(DoubleStream.of(a), DoubleStream.of(b)).toArray();
        }
    }
}
