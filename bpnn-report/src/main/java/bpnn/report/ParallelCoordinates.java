package bpnn.report;

import static bpnn.chart.Html.format;
import static bpnn.chart.Html.text;

import bpnn.lab.sweep.SweepPlan;
import bpnn.lab.sweep.TrialResult;
import java.util.ArrayList;
import java.util.List;

/** Configurations as lines across an axis for each option, and one for the error (A. Inselberg, 1985), as SVG. */
final class ParallelCoordinates {
    private static final int AXIS_DISTANCE = 170;
    private static final int MARGIN = 70;
    private static final int TOP = 46;
    private static final int HEIGHT = 300;

    private ParallelCoordinates() {}

    /** @param results sound ones, the best first */
    static String of(SweepPlan plan, List<TrialResult> results) {
        List<String> parameters = List.copyOf(plan.parameters());
        List<ParameterAxis> axes = new ArrayList<>();
        parameters.forEach(parameter -> axes.add(new ParameterAxis(parameter, results)));
        int width = 2 * MARGIN + axes.size() * AXIS_DISTANCE;
        StringBuilder svg = new StringBuilder(format(
                "<svg viewBox=\"0 0 %d %d\" style=\"min-width: %dpx; width: 100%%; display: block\" role=\"img\""
                        + " aria-label=\"%s\" font-family=\"sans-serif\" font-size=\"12\">",
                width,
                TOP + HEIGHT + 24,
                Math.min(width, 160 + axes.size() * 110),
                text(results.size() + " configurations as lines across " + String.join(", ", parameters)
                        + " and the validation error")));
        double best = error(results.get(0));
        double worst = best;
        for (TrialResult result : results) {
            worst = Math.max(worst, error(result));
        }
        for (int rank = results.size() - 1; rank >= 0; rank--) {
            line(svg, axes, results.get(rank), rank, results.size(), place(error(results.get(rank)), best, worst));
        }
        for (int axis = 0; axis < axes.size(); axis++) {
            axis(svg, axis, parameters.get(axis));
            for (String tick : axes.get(axis).ticks()) {
                label(svg, x(axis), y(axes.get(axis).place(tick)), tick);
            }
        }
        axis(svg, axes.size(), "validation error");
        label(svg, x(axes.size()), y(0), format("%.2f %%", 100 * best));
        if (worst > best) {
            label(svg, x(axes.size()), y(1), format("%.2f %%", 100 * worst));
        }
        return svg.append("</svg>").toString();
    }

    private static double error(TrialResult result) {
        return 1 - result.accuracy().mean();
    }

    private static double place(double error, double best, double worst) {
        return worst > best ? (error - best) / (worst - best) : 0;
    }

    private static int x(int axis) {
        return MARGIN + axis * AXIS_DISTANCE;
    }

    private static double y(double place) {
        return TOP + HEIGHT * (1 - place);
    }

    private static void line(
            StringBuilder svg, List<ParameterAxis> axes, TrialResult result, int rank, int count, double error) {
        StringBuilder path = new StringBuilder();
        for (int axis = 0; axis < axes.size(); axis++) {
            double place = axes.get(axis).place(axes.get(axis).value(result));
            path.append(format("%s%d %.1f", axis == 0 ? "M" : "L", x(axis), y(place)));
        }
        path.append(format("%s%d %.1f", axes.isEmpty() ? "M" : "L", x(axes.size()), y(error)));
        double opacity = count == 1 ? 1 : 0.9 - 0.75 * rank / (count - 1);
        svg.append(format(
                "<path d=\"%s\" fill=\"none\" stroke=\"var(%s)\" stroke-width=\"%s\" opacity=\"%.2f\"><title>%s</title></path>",
                path,
                rank == 0 ? "--c0" : "--c1",
                rank == 0 ? "4" : "1.5",
                opacity,
                text(format("%s: %.2f %%", result.trial().name(), 100 * error(result)))));
    }

    private static void axis(StringBuilder svg, int axis, String name) {
        svg.append(format(
                "<path d=\"M%d %d V%d\" stroke=\"var(--ink)\" stroke-width=\"1.5\"/>"
                        + "<text x=\"%d\" y=\"22\" text-anchor=\"middle\" font-weight=\"650\" fill=\"var(--ink)\">%s</text>",
                x(axis), TOP, TOP + HEIGHT, x(axis), text(name)));
    }

    private static void label(StringBuilder svg, int x, double y, String label) {
        svg.append(format(
                "<text x=\"%d\" y=\"%.1f\" fill=\"var(--ink)\" stroke=\"var(--panel)\" stroke-width=\"4\""
                        + " paint-order=\"stroke\">%s</text>",
                x + 6, y + 4, text(label)));
    }
}
