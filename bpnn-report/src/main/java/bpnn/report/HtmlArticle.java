package bpnn.report;

import static bpnn.chart.Html.format;
import static bpnn.chart.Html.text;

import bpnn.lab.experiment.Contender;
import bpnn.lab.experiment.EpochFigures;
import bpnn.lab.experiment.Experiment;
import bpnn.lab.experiment.TrainedRun;
import bpnn.lab.statistics.SeedStatistics;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What the article published beside what was measured here, and what was changed. */
final class HtmlArticle {
    private final Report report;
    private final StringBuilder html = new StringBuilder();

    HtmlArticle(Report report) {
        this.report = report;
    }

    /** Empty where no experiment of the report is one of the article's. */
    String html() {
        if (report.chapters().stream().allMatch(chapter -> chapter.published().isEmpty())) {
            return "";
        }
        int epochs = report.plan().settings().epochs();
        html.append(
                "<section class=\"chapter\" id=\"article\"><h2>What the article published, what we changed and why</h2>"
                        + "<p>The article's losses are sums over an epoch's batches, read off its charts; here they are divided by"
                        + " the number of batches. Ours are means over ");
        html.append(Words.seeds(report.plan().settings().seeds()))
                .append(" after the first and after the last of ")
                .append(epochs)
                .append(" epochs; the article trained for 50, with smaller learning rates")
                .append(epochs == 50 ? "" : ", so the columns are not the same experiment")
                .append(".</p><div class=\"scroll\"><table class=\"plain\"><tr><th>experiment</th><th>figure</th>")
                .append("<th class=\"n\">article, without</th><th class=\"n\">ours, without</th>")
                .append("<th class=\"n\">article, with</th><th class=\"n\">ours, with</th></tr>");
        report.chapters().forEach(this::rows);
        html.append("</table></div><div class=\"scroll\"><table class=\"plain\"><caption>Mistakes in the article's code"
                + "</caption><tr><th>mistake</th><th>consequence</th><th>here</th></tr>");
        for (Mistake mistake : Mistake.ALL) {
            html.append(format(
                    "<tr><td>%s</td><td>%s</td><td>%s</td></tr>",
                    text(mistake.mistake()), text(mistake.consequence()), text(mistake.remedy())));
        }
        return html.append("</table></div></section>").toString();
    }

    private void rows(Chapter chapter) {
        Experiment experiment = chapter.experiment();
        for (Published.Curve curve : chapter.published().curves()) {
            ToDoubleFunction<EpochFigures> figure =
                    curve.training() ? EpochFigures::trainLoss : EpochFigures::validationLoss;
            String name = curve.training() ? "training loss" : "validation loss";
            row(
                    experiment,
                    name + ", epoch 1",
                    curve.perBatch(curve.firstWithout()),
                    curve.perBatch(curve.firstWith()),
                    run -> run.epochs().isEmpty()
                            ? Double.NaN
                            : figure.applyAsDouble(run.epochs().get(0)));
            row(
                    experiment,
                    name + ", last epoch",
                    curve.perBatch(curve.lastWithout()),
                    curve.perBatch(curve.lastWith()),
                    run -> last(run, figure));
        }
        for (Published.Accuracy accuracy : chapter.published().accuracies()) {
            row(experiment, "test accuracy", accuracy.without(), accuracy.with(), TrainedRun::testAccuracy);
        }
    }

    private static double last(TrainedRun run, ToDoubleFunction<EpochFigures> figure) {
        List<EpochFigures> epochs = run.epochs();
        return epochs.isEmpty() ? Double.NaN : figure.applyAsDouble(epochs.get(epochs.size() - 1));
    }

    private void row(
            Experiment experiment, String name, double without, double with, ToDoubleFunction<TrainedRun> figure) {
        html.append("<tr><td>")
                .append(text(experiment.title()))
                .append("</td><td>")
                .append(name)
                .append("</td>");
        number(without, "");
        number(ours(experiment.contenders().get(Evidence.WITHOUT), figure), "<b>");
        number(with, "");
        number(ours(experiment.contenders().get(Evidence.WITH), figure), "<b>");
        html.append("</tr>");
    }

    private double ours(Contender contender, ToDoubleFunction<TrainedRun> figure) {
        double[] values = report.results().runs(contender.arm()).stream()
                .mapToDouble(figure)
                .toArray();
        return SeedStatistics.mean(values).mean();
    }

    private void number(double value, String emphasis) {
        html.append(format("<td class=\"n\">%s%.3f%s</td>", emphasis, value, emphasis.replace("<", "</")));
    }
}
