package bpnn.report.study;

import static bpnn.report.Evidence.ARTICLE;
import static bpnn.report.Evidence.WITH;
import static bpnn.report.Evidence.WITHOUT;

import bpnn.chart.Bins;
import bpnn.chart.Chart;
import bpnn.chart.Chart.Axis;
import bpnn.chart.Figure;
import bpnn.chart.Series;
import bpnn.chart.TanhPanels;
import bpnn.lab.experiment.Arm;
import bpnn.lab.experiment.Contender;
import bpnn.lab.experiment.EpochFigures;
import bpnn.lab.experiment.Experiment;
import bpnn.lab.probe.LayerState;
import bpnn.lab.run.Normalisation;
import bpnn.lab.statistics.Interval;
import bpnn.report.Claim;
import bpnn.report.Curves;
import bpnn.report.Evidence;
import bpnn.report.Finding;
import bpnn.report.Finding.Support;
import bpnn.report.Published;
import bpnn.report.Question;
import bpnn.report.Study;
import bpnn.report.Words;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Why pixels are scaled. */
public final class Scaling {
    private static final String LECUN = "LeCun et al., Efficient BackProp, 1998";

    /** The study. */
    public static final Study STUDY = new Study(
            Experiment.of(
                    "scaling",
                    "Input scaling",
                    new Contender(Arm.plain("raw").withNormalisation(Normalisation.NONE), "raw 0 to 255"),
                    new Contender(Arm.plain("unit"), "pixels / 255"),
                    new Contender(Arm.plain("standard").withNormalisation(Normalisation.STANDARD), "standardised")),
            new Question(
                    "Scaled pixels lower the loss from the start",
                    "Scaled pixels do not lower the early loss",
                    "These seeds cannot tell whether scaled pixels lower the early loss",
                    evidence -> new Scaling(evidence).quantity(),
                    evidence -> new Scaling(evidence).tanh()),
            List.of(
                    claim(Scaling::earlyLoss),
                    claim(Scaling::saturation),
                    claim(Scaling::spread),
                    claim(Scaling::balance),
                    claim(Scaling::updates)),
            new Published(
                    List.of(new Published.Curve(true, 403, 385, 10, 0), new Published.Curve(false, 55, 60, 4.5, 4.5)),
                    List.of(new Published.Accuracy(0.993, 0.996))));

    private final Evidence evidence;
    private final Curves curves;

    private Scaling(Evidence evidence) {
        this.evidence = evidence;
        this.curves = evidence.curves();
    }

    private static Claim claim(Function<Scaling, Finding> judgement) {
        return evidence -> judgement.apply(new Scaling(evidence));
    }

    private Question.Quantity quantity() {
        return new Question.Quantity(
                "training loss over the first epoch",
                curves.atEpoch(WITHOUT, 1, EpochFigures::trainLoss),
                curves.atEpoch(WITH, 1, EpochFigures::trainLoss));
    }

    private Figure tanh() {
        List<TanhPanels.Panel> panels = new ArrayList<>();
        List<String> words = new ArrayList<>();
        for (int contender = 0; contender < curves.contenders(); contender++) {
            double[] density = curves.density(contender, 0, 0, Bins.PREACTIVATION, LayerState::preactivations);
            double saturated = Evidence.mean(curves.perSeed(
                    contender, run -> run.probes().get(0).layers().get(0).saturated()));
            panels.add(new TanhPanels.Panel(contender, curves.label(contender), density, saturated));
            words.add(Words.percent(saturated) + " with " + curves.label(contender));
        }
        String title = "Where the first hidden layer sits on tanh before the first step";
        return new TanhPanels(
                evidence.id("tanh"), title, title + ". Share on the flat parts: " + Words.list(words) + ".", panels);
    }

    private Finding earlyLoss() {
        double[] without = curves.atEpoch(WITHOUT, 1, EpochFigures::trainLoss);
        double[] with = curves.atEpoch(WITH, 1, EpochFigures::trainLoss);
        Interval difference = Evidence.difference(without, with);
        Support support = Evidence.smaller(difference);
        String seen = "Over the first epoch the training loss was " + Words.number(Evidence.mean(without))
                + " with raw pixels and " + Words.number(Evidence.mean(with)) + " with scaled ones ("
                + Words.difference(difference) + ").";
        List<Series> first = curves.overFirstEpoch();
        String title = "Training loss within the first epoch";
        Figure chart = Chart.of(
                evidence.id("first-epoch"),
                title,
                Evidence.ends(title, first),
                Axis.linear("epochs done"),
                Axis.linear("cross-entropy (nats)"),
                first);
        return Finding.of(
                "Scaled inputs converge faster: the loss falls earlier.", ARTICLE, seen, support, List.of(chart));
    }

    /** Inputs meet the first layer; what they do to later layers is shown, but not claimed. */
    private Finding saturation() {
        return evidence.hiddenLayers(
                "Raw pixels push the first layer's tanh into its flat parts, where almost no gradient passes.",
                LECUN,
                "Share of units with |tanh| above " + LayerState.SATURATION,
                1,
                true,
                Words::percent,
                LayerState::saturated,
                evidence.overProbes(
                        "saturation",
                        "Saturated units",
                        Axis.linear("share (%)"),
                        curves.hiddenLayers(),
                        state -> 100 * state.saturated()));
    }

    private Finding spread() {
        return evidence.hiddenLayers(
                "Raw pixels spread what goes into the first layer's tanh far beyond its working range of about -2 to 2.",
                LECUN,
                "Standard deviation of what goes into tanh",
                1,
                true,
                Words::number,
                LayerState::spread,
                evidence.overProbes(
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
        Interval difference = Evidence.difference(logarithms(without), logarithms(with));
        String seen = "Over the first epoch the gradient of the first layer was "
                + Words.number(Evidence.mean(without))
                + " times that of the output layer with raw pixels, and " + Words.number(Evidence.mean(with))
                + " times with scaled ones (logarithm of the ratio: " + Words.difference(difference) + ").";
        return Finding.of(
                "Without scaling the first layer's gradient is out of proportion to the others, so one learning rate"
                        + " cannot suit all layers.",
                ARTICLE,
                seen,
                Evidence.smaller(difference),
                evidence.overProbes(
                        "gradient", "Gradient", Axis.logarithmic("norm of the gradient"), curves.layers(), norm));
    }

    private Finding updates() {
        double[] without = curves.meanOfProbes(WITHOUT, 0, 0, 1, LayerState::updateRatio);
        double[] with = curves.meanOfProbes(WITH, 0, 0, 1, LayerState::updateRatio);
        Interval difference = Evidence.difference(without, with);
        String seen = "Over the first epoch a step changed the first layer's weights by "
                + Words.percent(Evidence.mean(without)) + " of their norm with raw pixels, and by "
                + Words.percent(Evidence.mean(with)) + " with scaled ones. Adam divides every gradient by its own"
                + " running size, so the scale of the inputs reaches the outputs of the layer, not the size of its steps.";
        return Finding.of(
                "With raw pixels the first layer's steps are too large for its weights; it would need a smaller learning"
                        + " rate.",
                ARTICLE,
                seen,
                Evidence.smaller(difference),
                evidence.overProbes(
                        "update",
                        "Change of the weights in one step",
                        Axis.logarithmic("norm, relative to the weights"),
                        curves.layers(),
                        LayerState::updateRatio));
    }

    /** First layer to output layer, the mean over the first epoch's probes for each seed. */
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
