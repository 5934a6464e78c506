package bpnn.report;

import static bpnn.chart.Html.format;
import static bpnn.chart.Html.text;

import bpnn.chart.Figure;
import bpnn.chart.Series;
import java.util.List;
import java.util.stream.IntStream;

/** The beginning of the report: all experiments at a glance. */
final class HtmlOpening {
    private static final int WIDTH = 320;
    private static final int HEIGHT = 120;

    private final Report report;
    private final StringBuilder html = new StringBuilder();

    HtmlOpening(Report report) {
        this.report = report;
    }

    String html() {
        html.append("<header><h1>").append(text(report.headline())).append("</h1><p class=\"standfirst\">");
        html.append(text(report.setting())).append("</p><ul class=\"answers\">");
        report.chapters().forEach(this::answer);
        return html.append("</ul></header>").toString();
    }

    private void answer(Chapter chapter) {
        Headline headline = chapter.headline();
        html.append(format(
                "<li class=\"card\"><p class=\"name ui\"><a href=\"#%s\">%s</a> %s</p><p class=\"numbers\">",
                chapter.experiment().id(), text(chapter.experiment().title()), HtmlChapter.badge(headline.support())));
        number(Evidence.WITHOUT, headline.without(), chapter);
        html.append("<span class=\"arrow\">→</span>");
        number(Evidence.WITH, headline.with(), chapter);
        html.append("</p><p class=\"quantity ui\">")
                .append(text(headline.quantity()))
                .append("</p>");
        html.append(sketch(chapter.lead()));
        html.append("<p class=\"quantity ui\">")
                .append(text(chapter.lead().title()))
                .append("</p><p>")
                .append(text(chapter.verdict()))
                .append("</p></li>");
    }

    private void number(int contender, String value, Chapter chapter) {
        html.append(format(
                "<span class=\"tone%d\"><b>%s</b><small>%s</small></span>",
                contender, text(value), text(chapter.arms().get(contender).label())));
    }

    private static String sketch(Figure figure) {
        Sketch sketch = Sketch.of(figure.asChart());
        StringBuilder svg = new StringBuilder(format(
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">",
                WIDTH, HEIGHT, text(figure.alternative())));
        if (Double.isFinite(sketch.target())) {
            svg.append(format(
                    "<path d=\"M0 %1$.1fH%2$d\" stroke=\"var(--ink)\" stroke-dasharray=\"4 4\"/>",
                    height(sketch.target()), WIDTH));
        }
        for (Sketch.Mark mark : sketch.marks()) {
            List<String> points = IntStream.range(0, mark.x().length)
                    .mapToObj(i -> format("%.1f %.1f", mark.x()[i] * WIDTH, height(mark.y()[i])))
                    .toList();
            if (points.isEmpty()) {
                continue;
            }
            String tone = "var(--c" + mark.contender() + ")";
            svg.append("<path d=\"M").append(String.join("L", points));
            svg.append(
                    mark.filled()
                            ? "Z\" fill=\"" + tone + "\" opacity=\".22\"/>"
                            : "\" fill=\"none\" stroke=\"" + tone + "\" stroke-width=\"2\""
                                    + (mark.stroke() == Series.Stroke.SOLID ? "/>" : " stroke-dasharray=\"5 4\"/>"));
        }
        return svg.append("</svg>").toString();
    }

    private static double height(double share) {
        return 3 + (1 - share) * (HEIGHT - 6);
    }
}
