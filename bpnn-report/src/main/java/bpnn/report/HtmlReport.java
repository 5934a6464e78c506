package bpnn.report;

import static bpnn.chart.Html.format;
import static bpnn.chart.Html.text;

import bpnn.chart.Chart;
import bpnn.chart.HtmlPage;
import bpnn.lab.experiment.TrainedRun;
import bpnn.lab.run.Build;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** {@code report.html}: one file that needs nothing else. */
final class HtmlReport {
    private final Report report;
    private final StringBuilder html = new StringBuilder();

    private HtmlReport(Report report) {
        this.report = report;
    }

    static String of(Report report) {
        return new HtmlReport(report).html();
    }

    private String html() {
        html.append(new HtmlOpening(report).html()).append("<main>");
        List<Chart> charts = new ArrayList<>();
        for (Chapter chapter : report.chapters()) {
            html.append(new HtmlChapter(
                            chapter,
                            report.plan().images().test(),
                            report.plan().settings().seeds())
                    .html());
            chapter.figures().stream()
                    .filter(Chart.class::isInstance)
                    .map(Chart.class::cast)
                    .forEach(charts::add);
        }
        html.append(new HtmlArticle(report).html());
        configuration();
        html.append("</main>");
        return HtmlPage.of(report.headline(), html.toString(), Build.words(), charts);
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
}
