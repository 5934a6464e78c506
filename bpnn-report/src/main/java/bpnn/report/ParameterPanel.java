package bpnn.report;

import static bpnn.chart.Html.format;
import static bpnn.chart.Html.text;

import bpnn.lab.statistics.Interval;
import bpnn.lab.statistics.SeedStatistics;
import bpnn.lab.sweep.Importance;
import bpnn.lab.sweep.TrialResult;
import java.util.List;
import java.util.stream.IntStream;

/** The validation error over one option, as SVG. */
final class ParameterPanel {
    private static final int WIDTH = 520;
    private static final int HEIGHT = 220;
    private static final int LEFT = 62;
    private static final int RIGHT = 30;
    private static final int BOTTOM = 30;
    private static final int TOP = 12;

    private ParameterPanel() {}

    /** @param results sound ones, the best first */
    static String of(Importance importance, List<TrialResult> results) {
        ParameterAxis axis = new ParameterAxis(importance.parameter(), results);
        double[] errors = results.stream()
                .mapToDouble(result -> 100 * (1 - result.accuracy().mean()))
                .toArray();
        double low = Double.POSITIVE_INFINITY;
        double high = 0;
        for (double error : errors) {
            low = Math.min(low, error);
            high = Math.max(high, error);
        }
        Scale scale = new Scale(low, high > low ? high : low + 1);
        StringBuilder svg = new StringBuilder(format(
                "<figure class=\"card\"><figcaption>%s <span class=\"soft\">explains %.0f %%</span></figcaption><svg viewBox=\"0 0 %d"
                        + " %d\" style=\"width: 100%%; display: block\" role=\"img\" aria-label=\"%s\" font-family=\"sans-serif\""
                        + " font-size=\"12\">",
                text(importance.parameter()),
                100 * importance.share(),
                WIDTH,
                HEIGHT,
                text("Validation error over " + importance.parameter())));
        for (double value : new double[] {scale.low, scale.high}) {
            svg.append(format(
                    "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\" fill=\"var(--soft)\">%.2f %%</text><path d=\"M%d %.1f H%d\""
                            + " stroke=\"var(--line)\"/>",
                    LEFT - 12, scale.y(value) + 4, value, LEFT - 6, scale.y(value), WIDTH - RIGHT + 6));
        }
        for (String tick : axis.ticks()) {
            svg.append(format(
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" fill=\"var(--soft)\">%s</text>",
                    x(axis.place(tick)), HEIGHT - 8, text(tick)));
        }
        if (axis.isDiscrete()) {
            means(svg, axis, results, errors, scale);
        }
        for (int i = 0; i < errors.length; i++) {
            svg.append(format(
                    "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"var(%s)\" opacity=\".75\"><title>%s</title></circle>",
                    x(axis.place(axis.value(results.get(i)))),
                    scale.y(errors[i]),
                    i == 0 ? "--c0" : "--c1",
                    text(format("%s: %.2f %%", results.get(i).trial().name(), errors[i]))));
        }
        return svg.append("</svg></figure>").toString();
    }

    private static double x(double place) {
        return LEFT + place * (WIDTH - LEFT - RIGHT);
    }

    private static void means(
            StringBuilder svg, ParameterAxis axis, List<TrialResult> results, double[] errors, Scale scale) {
        StringBuilder upper = new StringBuilder();
        StringBuilder lower = new StringBuilder();
        StringBuilder line = new StringBuilder();
        for (String value : axis.values()) {
            double[] own = IntStream.range(0, errors.length)
                    .filter(i -> axis.value(results.get(i)).equals(value))
                    .mapToDouble(i -> errors[i])
                    .toArray();
            Interval mean = SeedStatistics.mean(own);
            double x = x(axis.place(value));
            line.append(format("%s%.1f %.1f", line.isEmpty() ? "M" : "L", x, scale.y(mean.mean())));
            upper.append(format("%.1f,%.1f ", x, scale.y(mean.isKnown() ? mean.high() : mean.mean())));
            lower.insert(0, format("%.1f,%.1f ", x, scale.y(mean.isKnown() ? mean.low() : mean.mean())));
        }
        svg.append(format("<polygon points=\"%s%s\" fill=\"var(--c1)\" opacity=\".15\"/>", upper, lower));
        svg.append(format("<path d=\"%s\" fill=\"none\" stroke=\"var(--c1)\" stroke-width=\"2\"/>", line));
    }

    /** Errors on the vertical axis; what lies beyond its ends is drawn there. */
    private record Scale(double low, double high) {
        double y(double error) {
            double place = Math.max(0, Math.min(1, (error - low) / (high - low)));
            return TOP + (HEIGHT - TOP - BOTTOM) * (1 - place);
        }
    }
}
