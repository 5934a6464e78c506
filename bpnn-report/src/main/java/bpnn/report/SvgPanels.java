package bpnn.report;

import static bpnn.chart.Html.format;
import static bpnn.chart.Html.text;

import bpnn.chart.Bins;
import bpnn.chart.Ridges;
import bpnn.chart.TanhPanels;
import bpnn.lab.probe.LayerState;

/** Pictures that stand still, drawn as SVG in the page's colours. */
final class SvgPanels {
    private static final int WIDTH = 340;

    private SvgPanels() {}

    static String of(TanhPanels figure) {
        double tallest = 0;
        for (TanhPanels.Panel panel : figure.panels()) {
            for (double share : panel.density()) {
                tallest = Math.max(tallest, share);
            }
        }
        StringBuilder html = new StringBuilder("<div class=\"panels\">");
        for (TanhPanels.Panel panel : figure.panels()) {
            html.append(panel(panel, tallest));
        }
        return html.append("</div>").toString();
    }

    private static String panel(TanhPanels.Panel panel, double tallest) {
        int height = 250;
        int top = 62;
        int floor = 222;
        double unit = (double) WIDTH / panel.density().length;
        StringBuilder svg = new StringBuilder(open(panel.contender(), height, panel.label()));
        double flat = 0.5 * Math.log((1 + LayerState.SATURATION) / (1 - LayerState.SATURATION));
        for (double[] zone : new double[][] {{-6, -flat}, {flat, 6}}) {
            svg.append(format(
                    "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"var(--soft)\" opacity=\".12\"/>",
                    x(zone[0]), top, x(zone[1]) - x(zone[0]), floor - top));
        }
        for (int bin = 0; bin < panel.density().length; bin++) {
            double bar = panel.density()[bin] / tallest * (floor - top);
            svg.append(format(
                    "<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\" fill=\"var(--tone)\"/>",
                    bin * unit, floor - bar, unit * 0.86, bar));
        }
        svg.append("<path d=\"");
        for (int i = 0; i <= 120; i++) {
            double z = -6 + i * 0.1;
            double y = (top + floor) / 2.0 - Math.tanh(z) * (floor - top) * 0.46;
            svg.append(format("%s%.1f %.1f", i == 0 ? "M" : "L", x(z), y));
        }
        svg.append("\" fill=\"none\" stroke=\"var(--ink)\" stroke-width=\"2\"/>");
        svg.append(format("<text class=\"big\" x=\"0\" y=\"28\">%.0f %%</text>", 100 * panel.saturated()));
        svg.append(format("<text class=\"name\" x=\"0\" y=\"48\">%s: on the flat parts</text>", text(panel.label())));
        for (int z = -4; z <= 4; z += 2) {
            svg.append(format("<text x=\"%.1f\" y=\"238\" text-anchor=\"middle\">%d</text>", x(z), z));
        }
        svg.append("<text x=\"0\" y=\"238\">≤ -6</text>");
        svg.append(format("<text x=\"%d\" y=\"238\" text-anchor=\"end\">≥ 6</text>", WIDTH));
        return svg.append("</svg>").toString();
    }

    private static double x(double z) {
        return (z - Bins.PREACTIVATION.low()) / (Bins.PREACTIVATION.high() - Bins.PREACTIVATION.low()) * WIDTH;
    }

    private static String open(int contender, int height, String label) {
        return format(
                "<svg class=\"tone%d\" data-arm=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">",
                contender, contender, WIDTH, height, text(label));
    }

    static String of(Ridges figure) {
        StringBuilder html = new StringBuilder("<div class=\"panels ridges\">");
        for (Ridges.Panel panel : figure.panels()) {
            html.append(panel(figure, panel));
        }
        return html.append("</div>").toString();
    }

    private static String panel(Ridges figure, Ridges.Panel panel) {
        int rows = panel.epochs().length;
        int step = Math.max(6, Math.min(22, 340 / rows));
        int ridge = 56;
        int top = 24;
        int floor = top + ridge + (rows - 1) * step;
        StringBuilder svg = new StringBuilder(open(panel.contender(), floor + 24, panel.label()));
        svg.append(format("<text class=\"name\" x=\"0\" y=\"12\">%s</text>", text(panel.label())));
        double scale = ridge / panel.peak();
        for (int row = 0; row < rows; row++) {
            ridge(svg, panel.density()[row], top + ridge + row * step, scale, ridge);
            boolean first = row == 0 || (int) panel.epochs()[row] > (int) panel.epochs()[row - 1];
            if (first && (step >= 10 || (int) panel.epochs()[row] % 5 == 0)) {
                svg.append(format(
                        "<text x=\"0\" y=\"%d\">%s</text>",
                        top + ridge + row * step - 2,
                        row == 0 ? "first step" : format("epoch %.0f", Math.floor(panel.epochs()[row]))));
            }
        }
        for (int tick = 0; tick <= 4; tick++) {
            double value = figure.bins().low()
                    + tick * (figure.bins().high() - figure.bins().low()) / 4;
            svg.append(format(
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"%s\">%s</text>",
                    tick * WIDTH / 4.0,
                    floor + 14,
                    tick == 0 ? "start" : tick == 4 ? "end" : "middle",
                    Words.number(value)));
        }
        return svg.append("</svg>").toString();
    }

    private static void ridge(StringBuilder svg, double[] density, int base, double scale, int most) {
        double unit = (double) WIDTH / density.length;
        StringBuilder path = new StringBuilder(format("M0 %d", base));
        for (int bin = 0; bin < density.length; bin++) {
            path.append(format("L%.1f %.1f", (bin + 0.5) * unit, base - Math.min(most, density[bin] * scale)));
        }
        path.append(format("L%d %d", WIDTH, base));
        svg.append("<path d=\"").append(path).append("Z\" fill=\"var(--panel)\"/>");
        svg.append("<path d=\"").append(path).append("Z\" fill=\"var(--tone)\" opacity=\".32\"/>");
        svg.append("<path d=\"").append(path).append("\" fill=\"none\" stroke=\"var(--tone)\" stroke-width=\"1.2\"/>");
    }
}
