package bpnn.report.study;

import bpnn.chart.Chart;
import bpnn.chart.Chart.Axis;
import bpnn.chart.Figure;
import bpnn.chart.Series;
import bpnn.chart.Series.Stroke;
import bpnn.lab.experiment.EpochFigures;
import bpnn.lab.statistics.Interval;
import bpnn.report.Claim;
import bpnn.report.Curves;
import bpnn.report.Evidence;
import bpnn.report.Finding;
import bpnn.report.Question;
import bpnn.report.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What studies of tricks against overfitting have in common: the gap between validation and training loss. */
final class Overfitting {
    private final String condition;

    /** @param condition under which losses are measured, in words: the network is judged as it is used */
    Overfitting(String condition) {
        this.condition = condition;
    }

    private static double gapOf(EpochFigures figures) {
        return figures.validationLoss() - figures.fittedLoss();
    }

    Question.Quantity quantity(Evidence evidence) {
        Curves curves = evidence.curves();
        return new Question.Quantity(
                "validation loss minus training loss, after " + curves.epochs() + " epochs",
                curves.atEnd(Evidence.WITHOUT, Overfitting::gapOf),
                curves.atEnd(Evidence.WITH, Overfitting::gapOf));
    }

    /** Validation loss and the loss on what was learnt from, and the area between them. */
    Figure wedges(Evidence evidence) {
        Curves curves = evidence.curves();
        List<Series> series = new ArrayList<>();
        for (int contender = 0; contender < curves.contenders(); contender++) {
            String label = curves.label(contender);
            series.add(
                    curves.overEpochs(contender, label + ", validation", Stroke.SOLID, EpochFigures::validationLoss));
            series.add(curves.overEpochs(contender, label + ", training", Stroke.DASHED, EpochFigures::fittedLoss));
        }
        String title = "Validation loss, and dashed, loss on images that were learnt from: the gap between them";
        return Chart.of(
                        evidence.id("gap"),
                        title,
                        Evidence.ends(title, series),
                        Axis.linear("epoch"),
                        Axis.linear("cross-entropy (nats), " + condition),
                        series)
                .withWedges();
    }

    /** Judges whether the trick shrinks the gap. */
    Claim gap(String claim, String source) {
        return evidence -> gap(evidence, claim, source);
    }

    private Finding gap(Evidence evidence, String claim, String source) {
        Curves curves = evidence.curves();
        double[] without = curves.atEnd(Evidence.WITHOUT, Overfitting::gapOf);
        double[] with = curves.atEnd(Evidence.WITH, Overfitting::gapOf);
        Interval difference = Evidence.difference(without, with);
        String seen = "After " + curves.epochs() + " epochs the validation loss exceeded the training loss by "
                + Words.number(Evidence.mean(without)) + " without " + trick(curves) + " and by "
                + Words.number(Evidence.mean(with)) + " with it (" + Words.difference(difference) + ").";
        String title = "Validation loss minus training loss";
        List<Series> series = curves.overEpochs(Overfitting::gapOf);
        Figure chart = Chart.of(
                evidence.id("gap-size"),
                title,
                Evidence.ends(title, series),
                Axis.linear("epoch"),
                Axis.linear("nats, " + condition),
                series);
        return Finding.of(claim, source, seen, Evidence.smaller(difference), List.of(chart));
    }

    private static String trick(Curves curves) {
        return curves.experiment().title().toLowerCase(Locale.ROOT);
    }

    /** Judges whether the trick slows the training down. */
    Claim slower(String claim, String source) {
        return evidence -> slower(evidence, claim, source);
    }

    private Finding slower(Evidence evidence, String claim, String source) {
        Curves curves = evidence.curves();
        double[] without = curves.atEnd(Evidence.WITHOUT, EpochFigures::fittedLoss);
        double[] with = curves.atEnd(Evidence.WITH, EpochFigures::fittedLoss);
        Interval difference = Evidence.difference(without, with);
        String seen = "After " + curves.epochs() + " epochs the loss on the training images, " + condition + ", was "
                + Words.number(Evidence.mean(without)) + " without " + trick(curves) + " and "
                + Words.number(Evidence.mean(with)) + " with it (" + Words.difference(difference) + ").";
        Figure chart = evidence.overEpochs(
                "fitted-loss", "Training loss, " + condition, "cross-entropy (nats)", EpochFigures::fittedLoss);
        return Finding.of(claim, source, seen, Evidence.larger(difference), List.of(chart));
    }
}
