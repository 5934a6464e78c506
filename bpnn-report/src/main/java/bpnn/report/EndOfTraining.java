package bpnn.report;

import bpnn.chart.Chart;
import bpnn.lab.experiment.EpochFigures;
import bpnn.lab.statistics.Interval;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Losses after the last epoch, which any two arms can be compared by. */
enum EndOfTraining {
    VALIDATION("validation loss", "end-of-validation", EpochFigures::validationLoss),
    TRAINING("loss on the training images", "end-of-training", EpochFigures::fittedLoss);

    private final String quantity;
    private final String id;

    @SuppressWarnings("ImmutableEnumChecker") // a method reference holds no state
    private final ToDoubleFunction<EpochFigures> figure;

    EndOfTraining(String quantity, String id, ToDoubleFunction<EpochFigures> figure) {
        this.quantity = quantity;
        this.id = id;
        this.figure = figure;
    }

    Question.Quantity quantity(Evidence evidence) {
        Curves curves = evidence.curves();
        return new Question.Quantity(
                quantity + " after " + curves.epochs() + " epochs",
                curves.atEnd(Evidence.WITHOUT, figure),
                curves.atEnd(Evidence.WITH, figure));
    }

    Chart chart(Evidence evidence) {
        String title = Evidence.capital(quantity);
        return evidence.overEpochs(id, title, "cross-entropy (nats)", figure);
    }

    Finding finding(Evidence evidence) {
        Curves curves = evidence.curves();
        double[] without = curves.atEnd(Evidence.WITHOUT, figure);
        double[] with = curves.atEnd(Evidence.WITH, figure);
        Interval difference = Evidence.difference(without, with);
        String seen = "After " + curves.epochs() + " epochs the " + quantity + " was "
                + Words.number(Evidence.mean(without)) + " with " + curves.label(Evidence.WITHOUT) + " and "
                + Words.number(Evidence.mean(with)) + " with " + curves.label(Evidence.WITH) + " ("
                + Words.difference(difference) + ").";
        return Finding.of(
                Evidence.capital(curves.label(Evidence.WITH)) + " lowers the " + quantity + ".",
                "the question of this experiment",
                seen,
                Evidence.smaller(difference),
                List.of(chart(evidence)));
    }
}
