package bpnn.report.study;

import bpnn.chart.Chart;
import bpnn.chart.Series;
import bpnn.lab.experiment.RateSweep;
import bpnn.lab.experiment.Settings;
import bpnn.lab.statistics.Interval;
import bpnn.lab.statistics.SeedStatistics;
import bpnn.report.Evidence;
import bpnn.report.Finding;
import bpnn.report.Finding.Support;
import bpnn.report.Words;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which learning rates train.
 *
 * @param evidence the runs, with sweeps
 * @param chance the loss of guessing
 */
record RateLimits(Evidence evidence, double chance) {
    /** A training counts as such when its loss falls below this part of that of guessing. */
    private static final double TRAINED = 0.5;

    static RateLimits of(Evidence evidence) {
        return new RateLimits(evidence, StrictMath.log(evidence.classes()));
    }

    /** The largest rate with which each seed trained; NaN where none did. */
    private double[] largest(int contender) {
        return evidence.curves().sweeps(contender).stream()
                .mapToDouble(sweep -> sweep.points().stream()
                        .filter(point -> point.loss() < TRAINED * chance)
                        .mapToDouble(RateSweep.Point::rate)
                        .max()
                        .orElse(Double.NaN))
                .toArray();
    }

    Finding finding() {
        double[] without = largest(Evidence.WITHOUT);
        double[] with = largest(Evidence.WITH);
        double top = Settings.sweepRates()[Settings.sweepRates().length - 1];
        Interval difference = Evidence.difference(logarithms(without), logarithms(with));
        String seen =
                "In " + Settings.SWEEP_STEPS + " steps of plain gradient descent the loss fell below half of that of"
                        + " guessing (" + Words.number(TRAINED * chance) + ") with learning rates of up to "
                        + range(without, top)
                        + " without batch norm and " + range(with, top) + " with it.";
        return Finding.of(
                "Batch normalisation allows larger learning rates.",
                "Ioffe and Szegedy, Batch Normalization, 2015, section 3.3",
                seen,
                support(with, without, difference),
                List.of(chart()));
    }

    /** Rates lie on a grid, so all seeds often agree; no spread means no interval, but a clear answer. */
    private static Support support(double[] with, double[] without, Interval difference) {
        double lowest = Arrays.stream(with).min().orElse(Double.NaN);
        double highest = Arrays.stream(without).max().orElse(Double.NaN);
        if (lowest > highest) {
            return Support.SUPPORTED;
        }
        return Evidence.larger(difference);
    }

    private static String range(double[] rates, double top) {
        double[] known = Arrays.stream(rates).filter(Double::isFinite).sorted().toArray();
        if (known.length < rates.length) {
            return "none of those tried in " + (rates.length - known.length) + " of " + rates.length + " runs";
        }
        String low = Words.number(known[0]);
        String high = Words.number(known[known.length - 1]);
        return (low.equals(high) ? low : low + " to " + high)
                + (known[known.length - 1] == top ? ", the largest that was tried," : "");
    }

    private Chart chart() {
        List<Series> series = new ArrayList<>();
        double[] rates = Settings.sweepRates();
        for (int contender = 0; contender < evidence.curves().contenders(); contender++) {
            double[] y = new double[rates.length];
            double[] low = new double[rates.length];
            double[] high = new double[rates.length];
            for (int rate = 0; rate < rates.length; rate++) {
                int index = rate;
                Interval interval = SeedStatistics.geometricMean(evidence.curves().sweeps(contender).stream()
                        .mapToDouble(sweep -> sweep.points().get(index).loss())
                        .toArray());
                y[rate] = interval.mean();
                low[rate] = interval.low();
                high[rate] = interval.high();
            }
            series.add(new Series(
                    contender, evidence.curves().label(contender), Series.Stroke.SOLID, rates, y, low, high));
        }
        String title = "Loss after " + Settings.SWEEP_STEPS + " steps, by learning rate";
        return Chart.of(
                        evidence.id("rates"),
                        title,
                        Evidence.ends(title, series),
                        Chart.Axis.logarithmic("learning rate of plain gradient descent"),
                        Chart.Axis.logarithmic("mean loss of the last 20 steps (nats)"),
                        series)
                .withTarget(TRAINED * chance, "half the loss of guessing");
    }

    private static double[] logarithms(double[] rates) {
        return Arrays.stream(rates).map(StrictMath::log).toArray();
    }
}
