package bpnn.report;

import static bpnn.chart.Html.format;
import static bpnn.chart.Html.text;

import bpnn.chart.HtmlPage;
import bpnn.lab.run.Build;
import bpnn.lab.statistics.Interval;
import bpnn.lab.sweep.Importance;
import bpnn.lab.sweep.SweepPlan;
import bpnn.lab.sweep.TrialResult;
import java.util.List;

/** What a sweep found, as one HTML file that needs nothing else, in the look of the experiments' report. */
public final class SweepPage {
    private static final int SHOWN = 30;

    private SweepPage() {}

    /**
     * Writes it.
     *
     * @param name of the sweep
     * @param ranking its trials, the best first
     */
    public static String of(String name, SweepPlan plan, List<TrialResult> ranking) {
        List<TrialResult> sound = ranking.stream().filter(TrialResult::isSound).toList();
        List<Importance> importances = Importance.of(plan, ranking);
        StringBuilder body = new StringBuilder("<header><h1>Which options matter?</h1><p class=\"standfirst\">");
        body.append(text(plan.trials().size() + " configurations with "
                        + plan.seeds().size()
                        + (plan.seeds().size() == 1 ? " seed" : " seeds")
                        + " each, ranked by their error on the validation"
                        + " images. The test images chose nothing."))
                .append("</p></header><main>");
        if (!sound.isEmpty()) {
            opening(body, sound.get(0), importances);
            body.append("<section class=\"chapter\"><h2>All configurations</h2><p>")
                    .append(text(
                            "A line for each: it crosses each axis at its value there. The darker, the better; the best"
                                    + " one is drawn thick."))
                    .append("</p><div class=\"card scroll\">")
                    .append(ParallelCoordinates.of(plan, sound))
                    .append("</div></section><section class=\"chapter\"><h2>Option by option</h2><p>")
                    .append(text("Each dot is a configuration, the mean over its seeds. The line is the mean over all"
                            + " configurations with that value, the band its 95 % interval. How much of the differences between"
                            + " configurations the option alone explains stands beside its name."))
                    .append("</p><div class=\"grid\">");
            importances.forEach(each -> body.append(ParameterPanel.of(each, sound)));
            body.append("</div></section>");
        }
        table(body, plan, ranking);
        return HtmlPage.of("Sweep " + name, body.append("</main>").toString(), Build.words(), List.of());
    }

    private static void opening(StringBuilder body, TrialResult best, List<Importance> importances) {
        body.append("<section class=\"chapter\"><h2>Verdict</h2><p class=\"verdict\">")
                .append(text(best.trial().name() + " is best: " + error(best.accuracy())
                        + " of the validation images are misread."));
        if (!importances.isEmpty()) {
            body.append("<small>")
                    .append(text(importances.get(0).parameter() + " matters most: alone it explains "
                            + Math.round(100 * importances.get(0).share())
                            + " % of the differences between configurations."))
                    .append("</small>");
        }
        body.append("</p><div class=\"scroll\"><table class=\"plain\"><caption>best.yaml</caption><tbody>");
        best.trial()
                .options()
                .forEach((option, value) -> body.append(
                        format("<tr><th scope=\"row\">%s</th><td>%s</td></tr>", text(option), text(value))));
        body.append("</tbody></table></div></section>");
    }

    private static String error(Interval accuracy) {
        return accuracy.isKnown()
                ? format(
                        "%.2f %% (%.2f to %.2f)",
                        100 * (1 - accuracy.mean()),
                        Math.max(0, 100 * (1 - accuracy.high())),
                        100 * (1 - accuracy.low()))
                : format("%.2f %%", 100 * (1 - accuracy.mean()));
    }

    private static void table(StringBuilder body, SweepPlan plan, List<TrialResult> ranking) {
        body.append("<section class=\"chapter\"><h2>Ranking</h2><div class=\"scroll\"><table class=\"plain\"><caption>")
                .append(text(
                        ranking.size() > SHOWN
                                ? "The best " + SHOWN + " of " + ranking.size() + "; all stand in results.csv"
                                : "All configurations"))
                .append("</caption><thead><tr><th scope=\"col\">rank</th><th scope=\"col\">trial</th>");
        plan.parameters().forEach(option -> body.append(format("<th scope=\"col\">%s</th>", text(option))));
        body.append("<th scope=\"col\">validation error</th><th scope=\"col\">loss</th></tr></thead><tbody>");
        int rank = 0;
        for (TrialResult result : ranking.subList(0, Math.min(SHOWN, ranking.size()))) {
            body.append(
                    format("<tr><td>%d</td><td>%d</td>", ++rank, result.trial().number()));
            plan.parameters()
                    .forEach(option -> body.append(
                            format("<td>%s</td>", text(result.trial().options().getOrDefault(option, "–")))));
            body.append(
                    result.isSound()
                            ? format(
                                    "<td>%s</td><td>%.4f</td></tr>",
                                    text(error(result.accuracy())),
                                    result.loss().mean())
                            : format("<td>%s</td><td></td></tr>", text(trouble(result))));
        }
        body.append("</tbody></table></div></section>");
    }

    private static String trouble(TrialResult result) {
        return result.runs().stream()
                .filter(run -> !run.isDone())
                .findFirst()
                .map(run -> run.status())
                .orElse("");
    }
}
