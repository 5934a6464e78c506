package bpnn.lab.comparison;

import static bpnn.chart.Html.format;
import static bpnn.chart.Html.text;

import bpnn.chart.Chart;
import bpnn.chart.HtmlPage;
import bpnn.lab.run.Build;
import java.util.ArrayList;
import java.util.List;

/** A comparison as one HTML file that needs nothing else, in the look of the experiments' report. */
final class ComparisonPage {
    private ComparisonPage() {}

    /**
     * Writes it.
     *
     * @param words the comparison in words
     */
    static String of(ComparedRun reference, List<Comparison> comparisons, List<Chart> charts, String words) {
        StringBuilder body = new StringBuilder("<header><h1>Do they compute the same?</h1><p class=\"standfirst\">");
        body.append(text("One configuration, trained on different backends: the same initial weights, batches and"
                        + " dropout masks."))
                .append("</p></header><main><section class=\"chapter\"><h2>Verdict</h2>");
        for (Comparison comparison : comparisons) {
            body.append(format("<p class=\"verdict\">%s</p>", text(comparison.reason())));
        }
        chips(body, reference, comparisons);
        body.append("<div class=\"grid\">");
        for (Chart chart : charts) {
            body.append(HtmlPage.chart(chart, ""));
        }
        body.append("</div></section><section class=\"chapter\"><h2>All figures</h2>")
                .append("<div class=\"scroll\"><pre class=\"mono\">")
                .append(text(words))
                .append("</pre></div></section></main>");
        return HtmlPage.of("Do they compute the same?", body.toString(), Build.words(), charts);
    }

    private static void chips(StringBuilder body, ComparedRun reference, List<Comparison> comparisons) {
        List<String> names = new ArrayList<>(List.of(reference.name()));
        comparisons.forEach(comparison -> names.add(comparison.other().name()));
        body.append("<div class=\"chips\" role=\"group\" aria-label=\"Show or hide\">");
        for (int i = 0; i < names.size(); i++) {
            body.append(HtmlPage.chip(i, names.get(i)));
        }
        body.append("</div>");
    }
}
