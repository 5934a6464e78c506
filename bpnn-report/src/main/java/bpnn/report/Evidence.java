package bpnn.report;

import bpnn.chart.Chart;
import bpnn.chart.Figure;
import bpnn.chart.Series;
import bpnn.data.Dataset;
import bpnn.lab.experiment.EpochFigures;
import bpnn.lab.experiment.Experiment;
import bpnn.lab.experiment.Results;
import bpnn.lab.probe.LayerState;
import bpnn.lab.statistics.Calibration;
import bpnn.lab.statistics.Interval;
import bpnn.lab.statistics.SeedStatistics;
import bpnn.report.Finding.Support;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.DoubleFunction;
import java.util.function.ToDoubleFunction;

/** The runs of an experiment as curves, numbers and judgements: what claims are made of. */
public final class Evidence {
    /** The contender that does without the trick. */
    public static final int WITHOUT = 0;

    /** The contender that uses it. */
    public static final int WITH = 1;

    /** The source that the three studies examine. */
    public static final String ARTICLE = "the article";

    private final Curves curves;
    private final TestResults test;
    private final Dataset images;

    Evidence(Experiment experiment, Results results, Dataset testImages) {
        this.curves = new Curves(experiment, results);
        this.test = TestResults.of(experiment, results, testImages);
        this.images = testImages;
    }

    /** Classes of the images. */
    public int classes() {
        return images.classes();
    }

    /** The test images. */
    public Dataset images() {
        return images;
    }

    /** The runs themselves. */
    public Curves curves() {
        return curves;
    }

    /**
     * @param headline the experiment in two numbers
     * @param phrase what the trick did to the training, as the beginning of a sentence
     * @param evidence the numbers behind it, as a sentence
     */
    Chapter chapter(
            Headline headline,
            String phrase,
            String evidence,
            Figure lead,
            List<Finding> findings,
            Published published) {
        List<Figure> effects = new ArrayList<>(List.of(
                overEpochs("training-loss", "Training loss", "mean over the epoch (nats)", EpochFigures::trainLoss),
                overEpochs("validation-loss", "Validation loss", "cross-entropy (nats)", EpochFigures::validationLoss),
                overEpochs(
                        "training-accuracy",
                        "Training accuracy",
                        "correct (%), on a sample",
                        figures -> 100 * figures.fittedAccuracy()),
                overEpochs(
                        "validation-accuracy",
                        "Validation accuracy",
                        "correct (%)",
                        figures -> 100 * figures.validationAccuracy())));
        reliability().ifPresent(effects::add);
        return new Chapter(
                curves.experiment(),
                headline,
                phrase + "; " + test.verdict() + ".",
                evidence + " " + test.evidence() + diverged(),
                lead,
                effects,
                findings,
                test.summaries(),
                published);
    }

    /** How often each contender is right over how certain it is; none of results from before that was kept. */
    private Optional<Figure> reliability() {
        List<Series> series = new ArrayList<>();
        List<String> errors = new ArrayList<>();
        for (int contender = 0; contender < curves.contenders(); contender++) {
            List<Calibration> runs = curves.runs(contender).stream()
                    .flatMap(run -> Optional.ofNullable(run.calibration()).stream())
                    .toList();
            if (runs.size() < curves.seeds()) {
                return Optional.empty();
            }
            List<Calibration.Bin> bins = Calibration.merged(runs).bins().stream()
                    .filter(bin -> bin.images() > 0)
                    .toList();
            series.add(Series.plain(
                    contender,
                    curves.label(contender),
                    Series.Stroke.SOLID,
                    bins.stream().mapToDouble(bin -> 100 * bin.confidence()).toArray(),
                    bins.stream().mapToDouble(bin -> 100 * bin.accuracy()).toArray()));
            errors.add(Words.number(runs.stream()
                            .mapToDouble(Calibration::expectedError)
                            .average()
                            .orElseThrow()) + " with "
                    + curves.label(contender));
        }
        double[] diagonal = {0, 100};
        series.add(Series.plain(WITHOUT, "as certain as right", Series.Stroke.DOTTED, diagonal, diagonal));
        String title = "Reliability on the test images; expected calibration error " + Words.list(errors);
        return Optional.of(Chart.of(
                id("reliability"),
                title,
                ends(title, series),
                Chart.Axis.linear("certainty (%)"),
                Chart.Axis.linear("right (%)"),
                series));
    }

    private String diverged() {
        List<String> parts = new ArrayList<>();
        for (ArmSummary arm : test.summaries()) {
            if (arm.diverged() > 0) {
                parts.add(arm.diverged() + " of " + curves.seeds() + " runs with " + arm.label());
            }
        }
        return parts.isEmpty() ? "" : " Diverged: " + Words.list(parts) + ".";
    }

    /** A file name for a figure of this experiment. */
    public String id(String name) {
        return curves.experiment().id() + "-" + name;
    }

    /** Of a figure that cannot be negative. */
    public Chart overEpochs(String name, String title, String unit, ToDoubleFunction<EpochFigures> figure) {
        Chart.Axis axis = Chart.Axis.linear(unit);
        List<Series> series = curves.overEpochs(figure).stream()
                .map(curve -> curve.within(0, axis.most()))
                .toList();
        return Chart.of(id(name), title, ends(title, series), Chart.Axis.linear("epoch"), axis, series);
    }

    /** A chart for each of the first {@code layers} layers, of a figure that cannot be negative. */
    public List<Figure> overProbes(
            String name, String title, Chart.Axis axis, int layers, ToDoubleFunction<LayerState> figure) {
        List<Figure> charts = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            List<Series> series = curves.overProbes(layer, axis.logarithmic(), figure).stream()
                    .map(curve -> curve.within(0, axis.most()))
                    .toList();
            String whole = title + ", " + curves.layer(layer);
            charts.add(Chart.of(
                    id(name + "-" + (layer + 1)),
                    whole,
                    ends(whole, series),
                    Chart.Axis.linear("epochs done"),
                    axis,
                    series));
        }
        return charts;
    }

    /** Where each curve begins and ends, in words. */
    public static String ends(String title, List<Series> series) {
        List<String> parts = new ArrayList<>();
        for (Series curve : series) {
            int last = curve.y().length - 1;
            if (last >= 0) {
                parts.add(
                        curve.label() + " from " + Words.number(curve.y()[0]) + " to " + Words.number(curve.y()[last]));
            }
        }
        return title + ". Curves: " + String.join("; ", parts) + ".";
    }

    /** The trick's values minus those without it. */
    public static Interval difference(double[] without, double[] with) {
        return SeedStatistics.difference(without, with);
    }

    /** The mean over the seeds. */
    public static double mean(double[] values) {
        return SeedStatistics.mean(values).mean();
    }

    /** Whether the trick makes something smaller. */
    public static Support smaller(Interval difference) {
        return !difference.isKnown() || !(difference.isNegative() || difference.isPositive())
                ? Support.UNDECIDED
                : difference.isNegative() ? Support.SUPPORTED : Support.NOT_SUPPORTED;
    }

    /** Whether the trick makes something larger. */
    public static Support larger(Interval difference) {
        return smaller(new Interval(-difference.mean(), -difference.high(), -difference.low()));
    }

    /** A claim about every layer holds if it holds in each, and fails if it fails in one. */
    public static Support everywhere(List<Support> layers) {
        if (layers.contains(Support.NOT_SUPPORTED)) {
            return Support.NOT_SUPPORTED;
        }
        return layers.contains(Support.UNDECIDED) ? Support.UNDECIDED : Support.SUPPORTED;
    }

    /** What a figure is without and with the trick, in two numbers. */
    public static Headline headline(String quantity, double[] without, double[] with, Support support) {
        return new Headline(quantity, Words.number(mean(without)), Words.number(mean(with)), support);
    }

    /** What a layer's figure is without and with the trick. */
    private String comparison(int layer, DoubleFunction<String> format, ToDoubleFunction<LayerState> figure) {
        double[] without = curves.atLastProbe(WITHOUT, layer, figure);
        double[] with = curves.atLastProbe(WITH, layer, figure);
        Interval difference = difference(without, with);
        String certainty = !difference.isKnown()
                ? "one seed gives no interval"
                : difference.isNegative() || difference.isPositive()
                        ? "a difference beyond the spread of the seeds"
                        : "no difference beyond the spread of the seeds";
        StringBuilder others = new StringBuilder();
        for (int contender = WITH + 1; contender < curves.contenders(); contender++) {
            others.append("; ")
                    .append(format.apply(mean(curves.atLastProbe(contender, layer, figure))))
                    .append(" with ")
                    .append(curves.label(contender));
        }
        return capital(curves.layer(layer)) + ": " + format.apply(mean(without)) + " with " + curves.label(WITHOUT)
                + ", " + format.apply(mean(with)) + " with " + curves.label(WITH) + "; " + certainty + others + ".";
    }

    /**
     * Compares a figure of hidden layers at the last probe, and judges the claim that the trick makes it smaller or larger
     * in the first {@code judged} of them.
     */
    public Finding hiddenLayers(
            String claim,
            String source,
            String quantity,
            int judged,
            boolean smaller,
            DoubleFunction<String> format,
            ToDoubleFunction<LayerState> figure,
            List<Figure> figures) {
        List<String> details = new ArrayList<>();
        List<Support> supports = new ArrayList<>();
        for (int layer = 0; layer < curves.hiddenLayers(); layer++) {
            details.add(comparison(layer, format, figure));
            if (layer < judged) {
                Interval difference =
                        difference(curves.atLastProbe(WITHOUT, layer, figure), curves.atLastProbe(WITH, layer, figure));
                supports.add(smaller ? smaller(difference) : larger(difference));
            }
        }
        return new Finding(
                claim, source, quantity + " at the end of the training:", details, everywhere(supports), figures);
    }

    /** A sentence as it begins. */
    public static String capital(String sentence) {
        return sentence.substring(0, 1).toUpperCase(Locale.ROOT) + sentence.substring(1);
    }
}
