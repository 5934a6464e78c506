package bpnn.app.experiment.report;

import static bpnn.app.experiment.report.Html.format;
import static bpnn.app.experiment.report.Html.text;

import bpnn.app.Version;
import bpnn.app.experiment.TrainedRun;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** {@code report.html}: one file that needs nothing else. */
final class HtmlReport {
    private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/";

    private final Report report;
    private final StringBuilder html = new StringBuilder();

    private HtmlReport(Report report) {
        this.report = report;
    }

    static String of(Report report) {
        return new HtmlReport(report).html();
    }

    private String html() {
        html.append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
                        + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
                        // The page promises to need no network; this makes the browser see to it.
                        + "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src"
                        + " 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:\">"
                        + "<link rel=\"icon\" href=\"data:,\"><title>")
                .append(text(report.headline()))
                .append("</title><style>")
                .append(resource(UPLOT + "uPlot.min.css"))
                .append(resource("report.css"))
                .append("</style></head><body>");
        html.append(new HtmlOpening(report).html()).append("<main>");
        ObjectNode figures = JsonNodeFactory.instance.objectNode();
        for (Chapter chapter : report.chapters()) {
            html.append(new HtmlChapter(
                            chapter,
                            report.plan().images().test(),
                            report.plan().settings().seeds())
                    .html());
            chapter.figures().stream()
                    .filter(Chart.class::isInstance)
                    .forEach(figure -> figures.set(figure.id(), FigureJson.of(figure)));
        }
        html.append(new HtmlArticle(report).html());
        configuration();
        html.append("</main><footer>Made by bpnn ")
                .append(text(Version.number()))
                .append(", commit ");
        html.append(text(Version.commit())).append(". Charts: uPlot, MIT licence.</footer>");
        html.append("<script id=\"figures\" type=\"application/json\">")
                .append(figures.toString().replace("<", "\\u003c"))
                .append("</script><script>")
                .append(resource(UPLOT + "uPlot.iife.min.js"))
                .append("</script><script>")
                .append(resource("report.js"))
                .append("</script></body></html>\n");
        return html.toString();
    }

    private void configuration() {
        html.append("<section class=\"chapter\" id=\"configuration\"><h2>Configuration and runs</h2>"
                + "<p>Intervals of test errors come from 2000 bootstrap resamples of seeds and test images; bands and"
                + " other intervals from Student's and Welch's t over the seeds. All arms were judged after the last"
                + " epoch; nothing was tuned on the test images.</p><div class=\"scroll\"><table class=\"plain\">");
        rows("", report.configuration());
        html.append(format("<tr><td>device</td><td>%s</td></tr>", text(report.device())));
        html.append(format(
                "<tr><td>java</td><td>%s</td></tr>", text(Runtime.version().toString())));
        html.append(
                "</table></div><details><summary>Every run</summary><div class=\"scroll\"><table class=\"plain\"><tr>"
                        + "<th>arm</th><th class=\"n\">seed</th><th class=\"n\">test accuracy</th><th class=\"n\">seconds</th>"
                        + "<th>SHA-256 of the weights</th></tr>");
        for (var arm : report.plan().arms()) {
            for (TrainedRun run : report.results().runs(arm)) {
                html.append(format(
                        "<tr><td>%s</td><td class=\"n\">%d</td><td class=\"n\">%.4f</td><td class=\"n\">%.1f</td>"
                                + "<td class=\"mono\">%s</td></tr>",
                        arm.id(), run.seed(), run.testAccuracy(), run.seconds(), run.weightsSha256()));
            }
        }
        html.append("</table></div></details></section>");
    }

    private void rows(String prefix, JsonNode node) {
        node.properties().forEach(entry -> {
            String name = prefix + entry.getKey();
            if (entry.getValue().isObject()) {
                rows(name + ".", entry.getValue());
            } else {
                html.append(format(
                        "<tr><td>%s</td><td class=\"mono\">%s</td></tr>",
                        text(name), text(entry.getValue().toString().replace("\"", ""))));
            }
        });
    }

    private static String resource(String name) {
        try (InputStream in = HtmlReport.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("The program is incomplete: " + name + " is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
