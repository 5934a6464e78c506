package bpnn.report;

import bpnn.chart.Chart;
import bpnn.chart.CorrelationMaps;
import bpnn.chart.Figure;
import bpnn.chart.Ridges;
import bpnn.chart.Series;
import bpnn.lab.experiment.Contender;
import bpnn.lab.experiment.EpochFigures;
import bpnn.lab.experiment.RateSweep;
import bpnn.lab.experiment.TrainedRun;
import bpnn.lab.statistics.ConfusionMatrix;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/**
 * {@code results.csv}: everything that is drawn, and each run's figures, as one long table. It holds no times, so equal
 * configurations give equal files.
 */
final class ResultsCsv {
    private final StringBuilder text = new StringBuilder("experiment,figure,series,seed,x,y,value,low,high\n");
    private final Report report;

    private ResultsCsv(Report report) {
        this.report = report;
    }

    static String of(Report report) {
        ResultsCsv csv = new ResultsCsv(report);
        report.chapters().forEach(csv::chapter);
        return csv.text.toString();
    }

    private void chapter(Chapter chapter) {
        String experiment = chapter.experiment().id();
        for (Figure figure : chapter.figures()) {
            if (figure instanceof Chart chart) {
                chart(experiment, chart);
            } else if (figure instanceof Ridges ridges) {
                ridges(experiment, ridges);
            } else if (figure instanceof CorrelationMaps maps) {
                correlations(experiment, maps);
            } else {
                chart(experiment, figure.asChart());
            }
        }
        chapter.arms().forEach(arm -> arm(experiment, arm));
        for (Contender contender : chapter.experiment().contenders()) {
            report.results().runs(contender.arm()).forEach(run -> run(experiment, contender.label(), run));
        }
        if (chapter.experiment().sweepsRates()) {
            for (Contender contender : chapter.experiment().contenders()) {
                report.results().sweeps(contender.arm()).forEach(sweep -> sweep(experiment, contender.label(), sweep));
            }
        }
    }

    private void chart(String experiment, Chart chart) {
        for (Series series : chart.series()) {
            for (int i = 0; i < series.x().length; i++) {
                double low = series.hasBand() ? series.low()[i] : Double.NaN;
                double high = series.hasBand() ? series.high()[i] : Double.NaN;
                row(experiment, chart.id(), series.label(), "", series.x()[i], Double.NaN, series.y()[i], low, high);
            }
        }
    }

    private void ridges(String experiment, Ridges ridges) {
        for (Ridges.Panel panel : ridges.panels()) {
            for (int moment = 0; moment < panel.epochs().length; moment++) {
                double[] density = panel.density()[moment];
                for (int bin = 0; bin < density.length; bin++) {
                    double centre = ridges.bins().centre(bin);
                    row(experiment, ridges.id(), panel.label(), "", centre, panel.epochs()[moment], density[bin]);
                }
            }
        }
    }

    private void correlations(String experiment, CorrelationMaps maps) {
        for (CorrelationMaps.Panel panel : maps.panels()) {
            for (int row = 0; row < panel.r().length; row++) {
                for (int column = 0; column < row; column++) {
                    row(experiment, maps.id(), panel.label(), "", column, row, panel.r()[row][column]);
                }
            }
        }
    }

    private void arm(String experiment, ArmSummary arm) {
        row(
                experiment,
                "test-error",
                arm.label(),
                "",
                Double.NaN,
                Double.NaN,
                arm.error().mean(),
                arm.error().low(),
                arm.error().high());
        ConfusionMatrix confusion = arm.confusion();
        boolean few = confusion.classes() <= ClassWords.MOST_SHOWN;
        for (int truth = 0; truth < confusion.classes(); truth++) {
            for (int read = 0; read < confusion.classes(); read++) {
                long count = confusion.counts()[truth][read];
                // Of many classes, nearly all pairs were never mistaken for each other.
                if (few || count > 0) {
                    row(experiment, "confusion", arm.label(), "", read, truth, (double) count);
                }
            }
            row(experiment, "precision", arm.label(), "", truth, Double.NaN, confusion.precision(truth));
            row(experiment, "recall", arm.label(), "", truth, Double.NaN, confusion.recall(truth));
            row(experiment, "f1", arm.label(), "", truth, Double.NaN, confusion.f1(truth));
        }
        for (ArmSummary.GalleryImage image : arm.gallery()) {
            row(experiment, "misread", arm.label(), "", image.image(), image.read(), image.confidence());
        }
    }

    private void run(String experiment, String label, TrainedRun run) {
        String seed = String.valueOf(run.seed());
        Map<String, ToDoubleFunction<EpochFigures>> figures = Map.of(
                "run-training-loss", EpochFigures::trainLoss,
                "run-fitted-loss", EpochFigures::fittedLoss,
                "run-fitted-accuracy", EpochFigures::fittedAccuracy,
                "run-validation-loss", EpochFigures::validationLoss,
                "run-validation-accuracy", EpochFigures::validationAccuracy);
        for (String name : figures.keySet().stream().sorted().toList()) {
            ToDoubleFunction<EpochFigures> figure = Objects.requireNonNull(figures.get(name));
            for (EpochFigures epoch : run.epochs()) {
                row(experiment, name, label, seed, epoch.epoch(), Double.NaN, figure.applyAsDouble(epoch));
            }
        }
        row(experiment, "run-test-loss", label, seed, Double.NaN, Double.NaN, run.testLoss());
        row(experiment, "run-test-accuracy", label, seed, Double.NaN, Double.NaN, run.testAccuracy());
    }

    private void sweep(String experiment, String label, RateSweep sweep) {
        List<RateSweep.Point> points = sweep.points();
        for (RateSweep.Point point : points) {
            row(experiment, "run-rate", label, String.valueOf(sweep.seed()), point.rate(), Double.NaN, point.loss());
        }
    }

    private void row(String experiment, String figure, String series, String seed, double x, double y, double value) {
        row(experiment, figure, series, seed, x, y, value, Double.NaN, Double.NaN);
    }

    private void row(String experiment, String figure, String series, String seed, double... values) {
        text.append(experiment).append(',').append(figure).append(',').append(quoted(series));
        text.append(',').append(seed);
        for (double value : values) {
            text.append(',').append(Double.isFinite(value) ? String.valueOf(value) : "");
        }
        text.append('\n');
    }

    private static String quoted(String text) {
        return text.contains(",") || text.contains("\"") ? "\"" + text.replace("\"", "\"\"") + "\"" : text;
    }
}
