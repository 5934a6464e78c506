package bpnn.lab.report;

import static bpnn.lab.report.ChapterBuilder.ARTICLE;
import static bpnn.lab.report.ChapterBuilder.WITH;
import static bpnn.lab.report.ChapterBuilder.WITHOUT;

import bpnn.chart.Bins;
import bpnn.chart.Chart;
import bpnn.chart.Chart.Axis;
import bpnn.chart.Figure;
import bpnn.chart.Series;
import bpnn.chart.TanhPanels;
import bpnn.lab.experiment.EpochFigures;
import bpnn.lab.experiment.LayerState;
import bpnn.lab.report.Finding.Support;
import bpnn.lab.statistics.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Why pixels are scaled. */
final class ScalingChapter {
    private static final String LECUN = "LeCun et al., Efficient BackProp, 1998";

    private final ChapterBuilder builder;
    private final Curves curves;

    ScalingChapter(ChapterBuilder builder) {
        this.builder = builder;
        this.curves = builder.curves();
    }

    Chapter build() {
        Finding early = earlyLoss();
        String phrase = switch (early.support()) {
            case SUPPORTED -> "Scaled pixels lower the loss from the start";
            case NOT_SUPPORTED -> "Scaled pixels do not lower the early loss";
            case UNDECIDED -> "These seeds cannot tell whether scaled pixels lower the early loss";
        };
        Headline headline = ChapterBuilder.headline(
                "training loss over the first epoch",
                curves.atEpoch(WITHOUT, 1, EpochFigures::trainLoss),
                curves.atEpoch(WITH, 1, EpochFigures::trainLoss),
                early.support());
        return builder.chapter(
                headline, phrase, early.seen(), tanh(), List.of(early, saturation(), spread(), balance(), updates()));
    }

    private Figure tanh() {
        List<TanhPanels.Panel> panels = new ArrayList<>();
        List<String> words = new ArrayList<>();
        for (int contender = 0; contender < curves.contenders(); contender++) {
            double[] density = curves.density(contender, 0, 0, Bins.PREACTIVATION, LayerState::preactivations);
            double saturated = ChapterBuilder.mean(curves.perSeed(
                    contender, run -> run.probes().get(0).layers().get(0).saturated()));
            panels.add(new TanhPanels.Panel(contender, curves.label(contender), density, saturated));
            words.add(Words.percent(saturated) + " with " + curves.label(contender));
        }
        String title = "Where the first hidden layer sits on tanh before the first step";
        return new TanhPanels(
                builder.id("tanh"), title, title + ". Share on the flat parts: " + Words.list(words) + ".", panels);
    }

    private Finding earlyLoss() {
        double[] without = curves.atEpoch(WITHOUT, 1, EpochFigures::trainLoss);
        double[] with = curves.atEpoch(WITH, 1, EpochFigures::trainLoss);
        Interval difference = ChapterBuilder.difference(without, with);
        Support support = ChapterBuilder.smaller(difference);
        String seen = "Over the first epoch the training loss was " + Words.number(ChapterBuilder.mean(without))
                + " with raw pixels and " + Words.number(ChapterBuilder.mean(with)) + " with scaled ones ("
                + Words.difference(difference) + ").";
        List<Series> first = curves.overFirstEpoch();
        String title = "Training loss within the first epoch";
        Figure chart = Chart.of(
                builder.id("first-epoch"),
                title,
                ChapterBuilder.ends(title, first),
                Axis.linear("epochs done"),
                Axis.linear("cross-entropy (nats)"),
                first);
        return Finding.of(
                "Scaled inputs converge faster: the loss falls earlier.", ARTICLE, seen, support, List.of(chart));
    }

    /** Inputs meet the first layer; what they do to those behind it is shown, but not claimed. */
    private Finding saturation() {
        return builder.hiddenLayers(
                "Raw pixels push the first layer's tanh into its flat parts, where almost no gradient passes.",
                LECUN,
                "Share of units with |tanh| above " + LayerState.SATURATION,
                1,
                true,
                Words::percent,
                LayerState::saturated,
                builder.overProbes(
                        "saturation",
                        "Saturated units",
                        Axis.linear("share (%)"),
                        curves.hiddenLayers(),
                        state -> 100 * state.saturated()));
    }

    private Finding spread() {
        return builder.hiddenLayers(
                "Raw pixels spread what goes into the first layer's tanh far beyond its working range of about -2 to 2.",
                LECUN,
                "Standard deviation of what goes into tanh",
                1,
                true,
                Words::number,
                LayerState::spread,
                builder.overProbes(
                        "spread",
                        "Spread of what goes into tanh",
                        Axis.logarithmic("standard deviation"),
                        curves.hiddenLayers(),
                        LayerState::spread));
    }

    private Finding balance() {
        ToDoubleFunction<LayerState> norm = LayerState::gradientNorm;
        double[] without = ratio(WITHOUT, norm);
        double[] with = ratio(WITH, norm);
        Interval difference = ChapterBuilder.difference(logarithms(without), logarithms(with));
        String seen = "Over the first epoch the gradient of the first layer was "
                + Words.number(ChapterBuilder.mean(without))
                + " times that of the output layer with raw pixels, and " + Words.number(ChapterBuilder.mean(with))
                + " times with scaled ones (logarithm of the ratio: " + Words.difference(difference) + ").";
        return Finding.of(
                "Without scaling the first layer's gradient is out of proportion to the others, so one learning rate"
                        + " cannot suit all layers.",
                ARTICLE,
                seen,
                ChapterBuilder.smaller(difference),
                builder.overProbes(
                        "gradient", "Gradient", Axis.logarithmic("norm of the gradient"), curves.layers(), norm));
    }

    private Finding updates() {
        double[] without = curves.meanOfProbes(WITHOUT, 0, 0, 1, LayerState::updateRatio);
        double[] with = curves.meanOfProbes(WITH, 0, 0, 1, LayerState::updateRatio);
        Interval difference = ChapterBuilder.difference(without, with);
        String seen = "Over the first epoch a step changed the first layer's weights by "
                + Words.percent(ChapterBuilder.mean(without)) + " of their norm with raw pixels, and by "
                + Words.percent(ChapterBuilder.mean(with)) + " with scaled ones. Adam divides every gradient by its own"
                + " running size, so the scale of the inputs reaches the outputs of the layer, not the size of its steps.";
        return Finding.of(
                "With raw pixels the first layer's steps are too large for its weights; it would need a smaller learning"
                        + " rate.",
                ARTICLE,
                seen,
                ChapterBuilder.smaller(difference),
                builder.overProbes(
                        "update",
                        "Change of the weights in one step",
                        Axis.logarithmic("norm, relative to the weights"),
                        curves.layers(),
                        LayerState::updateRatio));
    }

    /** First layer to output layer, the mean over the first epoch's looks for each seed. */
    private double[] ratio(int contender, ToDoubleFunction<LayerState> figure) {
        double[] first = curves.meanOfProbes(contender, 0, 0, 1, figure);
        double[] last = curves.meanOfProbes(contender, curves.layers() - 1, 0, 1, figure);
        double[] ratio = new double[first.length];
        for (int i = 0; i < ratio.length; i++) {
            ratio[i] = first[i] / last[i];
        }
        return ratio;
    }

    private static double[] logarithms(double[] values) {
        return Arrays.stream(values).map(StrictMath::log).toArray();
    }
}
