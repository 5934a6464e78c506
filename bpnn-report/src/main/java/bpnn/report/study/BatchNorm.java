package bpnn.report.study;

import static bpnn.report.Evidence.ARTICLE;
import static bpnn.report.Evidence.WITH;
import static bpnn.report.Evidence.WITHOUT;

import bpnn.chart.Bins;
import bpnn.chart.Chart.Axis;
import bpnn.chart.Figure;
import bpnn.chart.Ridges;
import bpnn.lab.experiment.Arm;
import bpnn.lab.experiment.Contender;
import bpnn.lab.experiment.EpochFigures;
import bpnn.lab.experiment.Experiment;
import bpnn.lab.experiment.TrainedRun;
import bpnn.lab.probe.LayerState;
import bpnn.lab.run.OptimizerName;
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

/** Why layers are normalised over the batch. */
public final class BatchNorm {
    /** How far from 0 the units' means, and by what factor from 1 their variance, may be and still count as standard. */
    private static final double OFFSET_TOLERANCE = 0.25;

    private static final double VARIANCE_FACTOR = 2;

    /** The study. */
    public static final Study STUDY = new Study(
            Experiment.of(
                            "batch-norm",
                            "Batch normalisation",
                            new Contender(Arm.plain("sgd").withOptimizer(OptimizerName.SGD), "no batch norm"),
                            new Contender(
                                    Arm.plain("batch-norm")
                                            .withOptimizer(OptimizerName.SGD)
                                            .withBatchNorm(),
                                    "batch norm"))
                    .sweepingRates(),
            new Question(
                    "With batch norm the same training loss takes fewer epochs",
                    "With batch norm the same training loss does not take fewer epochs",
                    "These seeds cannot tell whether the same training loss takes fewer epochs with batch norm",
                    evidence -> new BatchNorm(evidence).quantity(),
                    evidence -> new BatchNorm(evidence).race()),
            List.of(
                    claim(BatchNorm::speed),
                    claim(BatchNorm::standard),
                    evidence -> RateLimits.of(evidence).finding()),
            new Published(
                    List.of(
                            new Published.Curve(true, 1340, 715, 242, 188),
                            new Published.Curve(false, 228, 109, 60, 45)),
                    List.of(new Published.Accuracy(0.925, 0.942))));

    private final Evidence evidence;
    private final Curves curves;

    private BatchNorm(Evidence evidence) {
        this.evidence = evidence;
        this.curves = evidence.curves();
    }

    private static Claim claim(Function<BatchNorm, Finding> judgement) {
        return evidence -> judgement.apply(new BatchNorm(evidence));
    }

    private Question.Quantity quantity() {
        double target = target();
        return new Question.Quantity(
                "epochs to a training loss of " + Words.number(target),
                curves.perSeed(WITHOUT, run -> epochsTo(target, run)),
                curves.perSeed(WITH, run -> epochsTo(target, run)));
    }

    /** What every run without batch norm reaches in the end. */
    private double target() {
        return Arrays.stream(curves.atEnd(WITHOUT, EpochFigures::trainLoss))
                .max()
                .orElse(Double.NaN);
    }

    private Figure race() {
        double target = target();
        return evidence.overEpochs(
                        "race",
                        "The race to the same training loss",
                        "mean over the epoch (nats)",
                        EpochFigures::trainLoss)
                .withTarget(target, "every run without batch norm ends at or below " + Words.number(target));
    }

    private Finding speed() {
        double target = target();
        double[] without = curves.perSeed(WITHOUT, run -> epochsTo(target, run));
        double[] with = curves.perSeed(WITH, run -> epochsTo(target, run));
        Interval difference = Evidence.difference(without, with);
        boolean all = Arrays.stream(with).allMatch(Double::isFinite);
        String seen = "A training loss of " + Words.number(target) + " took "
                + Words.number(Evidence.mean(without)) + " epochs without batch norm and "
                + (all ? Words.number(Evidence.mean(with)) : "more than " + curves.epochs()) + " with it"
                + (all ? " (" + Words.difference(difference) + ")." : " in at least one run.");
        Support support = all ? Evidence.smaller(difference) : Support.NOT_SUPPORTED;
        return Finding.of(
                "Batch normalisation speeds the training up.",
                ARTICLE,
                seen,
                support,
                List.of(evidence.overEpochs(
                        "fitted-loss",
                        "Loss on training images after each epoch",
                        "cross-entropy (nats)",
                        EpochFigures::fittedLoss)));
    }

    private static double epochsTo(double target, TrainedRun run) {
        for (EpochFigures figures : run.epochs()) {
            if (figures.trainLoss() <= target) {
                return figures.epoch();
            }
        }
        return Double.NaN;
    }

    private Finding standard() {
        List<String> details = new ArrayList<>();
        boolean within = true;
        for (int layer = 0; layer < curves.hiddenLayers(); layer++) {
            for (int contender = 0; contender < curves.contenders(); contender++) {
                double offset = worst(contender, layer, LayerState::meanOffset);
                double low = lowest(contender, layer);
                double high = worst(contender, layer, LayerState::variance);
                details.add(Evidence.capital(curves.layer(layer)) + ", " + curves.label(contender) + ": means up to "
                        + Words.number(offset) + " from 0, variances " + Words.number(low) + " to "
                        + Words.number(high) + ".");
                within &= contender != WITH
                        || (offset <= OFFSET_TOLERANCE && low >= 1 / VARIANCE_FACTOR && high <= VARIANCE_FACTOR);
            }
        }
        String seen =
                "What goes into tanh, per unit, averaged over a layer, the farthest of all looks after the first one"
                        + " (before the first step batch norm has not seen a batch and normalises nothing). Standard is taken to"
                        + " mean at most " + Words.number(OFFSET_TOLERANCE) + " from mean 0 and within a factor of "
                        + Words.number(VARIANCE_FACTOR) + " of variance 1.";
        return new Finding(
                "Batch normalisation keeps the input of every layer's activation at mean 0 and variance 1.",
                ARTICLE,
                seen,
                details,
                within ? Support.SUPPORTED : Support.NOT_SUPPORTED,
                distributions());
    }

    private double worst(int contender, int layer, ToDoubleFunction<LayerState> figure) {
        return curves.runs(contender).stream()
                .flatMap(run -> run.probes().stream().skip(1))
                .mapToDouble(probe -> figure.applyAsDouble(probe.layers().get(layer)))
                .max()
                .orElse(Double.NaN);
    }

    private double lowest(int contender, int layer) {
        return -worst(contender, layer, state -> -state.variance());
    }

    private List<Figure> distributions() {
        List<Figure> figures = new ArrayList<>();
        for (int layer = 0; layer < curves.hiddenLayers(); layer++) {
            figures.add(ridges(
                    layer, "preactivations", "What goes into tanh", Bins.PREACTIVATION, LayerState::preactivations));
        }
        int layers = curves.hiddenLayers();
        figures.addAll(evidence.overProbes(
                "offset",
                "Distance of the units' means from 0",
                Axis.linear("mean |mean|"),
                layers,
                LayerState::meanOffset));
        figures.addAll(evidence.overProbes(
                "variance", "Variance of the units", Axis.logarithmic("mean variance"), layers, LayerState::variance));
        for (int layer = 0; layer < curves.hiddenLayers(); layer++) {
            figures.add(
                    ridges(layer, "activations", "What comes out of tanh", Bins.ACTIVATION, LayerState::activations));
        }
        return figures;
    }

    private Figure ridges(int layer, String name, String title, Bins bins, Function<LayerState, int[]> counts) {
        List<Ridges.Panel> panels = new ArrayList<>();
        List<String> words = new ArrayList<>();
        for (int contender = 0; contender < curves.contenders(); contender++) {
            panels.add(curves.ridges(contender, layer, bins, counts));
            double[] variance = curves.atLastProbe(contender, layer, LayerState::variance);
            words.add("variance of the input at the end " + Words.number(Evidence.mean(variance)) + " with "
                    + curves.label(contender));
        }
        String whole = title + ", " + curves.layer(layer);
        return new Ridges(
                evidence.id(name + "-" + (layer + 1)),
                whole,
                whole + ", from the first step at the top to the end at the bottom: " + Words.list(words) + ".",
                bins.equals(Bins.ACTIVATION) ? "output of tanh" : "input of tanh",
                bins,
                panels);
    }
}
