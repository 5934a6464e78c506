package bpnn.lab.report;

import static bpnn.lab.report.ChapterBuilder.ARTICLE;
import static bpnn.lab.report.ChapterBuilder.WITH;
import static bpnn.lab.report.ChapterBuilder.WITHOUT;

import bpnn.chart.Chart;
import bpnn.chart.Chart.Axis;
import bpnn.chart.CorrelationMaps;
import bpnn.chart.Figure;
import bpnn.chart.Series;
import bpnn.chart.Series.Stroke;
import bpnn.lab.experiment.EpochFigures;
import bpnn.lab.experiment.LayerState;
import bpnn.lab.statistics.Interval;
import bpnn.lab.statistics.UnitCorrelations;
import java.util.ArrayList;
import java.util.List;

/** Why units are dropped. */
final class DropoutChapter {
    private final ChapterBuilder builder;
    private final Curves curves;

    DropoutChapter(ChapterBuilder builder) {
        this.builder = builder;
        this.curves = builder.curves();
    }

    Chapter build() {
        Finding gap = gap();
        String phrase = switch (gap.support()) {
            case SUPPORTED -> "Dropout shrinks the gap between training and validation loss";
            case NOT_SUPPORTED -> "Dropout does not shrink the gap between training and validation loss";
            case UNDECIDED ->
                "These seeds cannot tell whether dropout shrinks the gap between training and validation loss";
        };
        Headline headline = ChapterBuilder.headline(
                "validation loss minus training loss, after " + curves.epochs() + " epochs",
                curves.atEnd(WITHOUT, DropoutChapter::gapOf),
                curves.atEnd(WITH, DropoutChapter::gapOf),
                gap.support());
        return builder.chapter(
                headline, phrase, gap.seen(), wedges(), List.of(gap, slower(), correlation(), sparsity()));
    }

    /** Validation loss and the loss on what was learnt from, and the area between them. */
    private Figure wedges() {
        List<Series> series = new ArrayList<>();
        for (int contender = 0; contender < curves.contenders(); contender++) {
            String label = curves.label(contender);
            series.add(
                    curves.overEpochs(contender, label + ", validation", Stroke.SOLID, EpochFigures::validationLoss));
            series.add(curves.overEpochs(contender, label + ", training", Stroke.DASHED, EpochFigures::fittedLoss));
        }
        String title = "Validation loss, and dashed, loss on images that were learnt from: the gap between them";
        return Chart.of(
                        builder.id("gap"),
                        title,
                        ChapterBuilder.ends(title, series),
                        Axis.linear("epoch"),
                        Axis.linear("cross-entropy (nats), nothing dropped"),
                        series)
                .withWedges();
    }

    private Finding gap() {
        double[] without = curves.atEnd(WITHOUT, DropoutChapter::gapOf);
        double[] with = curves.atEnd(WITH, DropoutChapter::gapOf);
        Interval difference = ChapterBuilder.difference(without, with);
        String seen = "After " + curves.epochs() + " epochs the validation loss exceeded the training loss by "
                + Words.number(ChapterBuilder.mean(without)) + " without dropout and by "
                + Words.number(ChapterBuilder.mean(with)) + " with it (" + Words.difference(difference) + ").";
        String title = "Validation loss minus training loss";
        List<Series> series = curves.overEpochs(DropoutChapter::gapOf);
        Figure chart = Chart.of(
                builder.id("gap-size"),
                title,
                ChapterBuilder.ends(title, series),
                Axis.linear("epoch"),
                Axis.linear("nats, nothing dropped"),
                series);
        return Finding.of(
                "Dropout curbs overfitting: it shrinks the gap between training and validation loss.",
                ARTICLE,
                seen,
                ChapterBuilder.smaller(difference),
                List.of(chart));
    }

    private static double gapOf(EpochFigures figures) {
        return figures.validationLoss() - figures.fittedLoss();
    }

    private Finding slower() {
        double[] without = curves.atEnd(WITHOUT, EpochFigures::fittedLoss);
        double[] with = curves.atEnd(WITH, EpochFigures::fittedLoss);
        Interval difference = ChapterBuilder.difference(without, with);
        String seen = "After " + curves.epochs() + " epochs the loss on the training images, nothing dropped, was "
                + Words.number(ChapterBuilder.mean(without)) + " without dropout and "
                + Words.number(ChapterBuilder.mean(with)) + " with it (" + Words.difference(difference) + ").";
        Figure chart = builder.overEpochs(
                "fitted-loss", "Training loss, nothing dropped", "cross-entropy (nats)", EpochFigures::fittedLoss);
        return Finding.of(
                "Dropout slows the training down.", ARTICLE, seen, ChapterBuilder.larger(difference), List.of(chart));
    }

    private Finding correlation() {
        List<Figure> figures = new ArrayList<>(builder.overProbes(
                "correlation",
                "Correlation between units",
                Axis.linear("mean |Pearson's r|"),
                curves.hiddenLayers(),
                LayerState::correlation));
        for (int layer = 0; layer < curves.hiddenLayers(); layer++) {
            figures.add(maps(layer));
        }
        return builder.hiddenLayers(
                "Dropout lowers the correlation between hidden units: it breaks their co-adaptation.",
                ARTICLE,
                "Mean |correlation| of two units of a layer over validation images",
                curves.hiddenLayers(),
                true,
                Words::number,
                LayerState::correlation,
                figures);
    }

    /** The first seed's network as an example. */
    private Figure maps(int layer) {
        List<CorrelationMaps.Panel> panels = new ArrayList<>();
        List<String> words = new ArrayList<>();
        for (int contender = 0; contender < curves.contenders(); contender++) {
            UnitCorrelations units = new UnitCorrelations(
                            curves.runs(contender).get(0).correlations().get(layer))
                    .ordered();
            panels.add(new CorrelationMaps.Panel(contender, curves.label(contender), units.r(), units.meanMagnitude()));
            words.add(Words.number(units.meanMagnitude()) + " with " + curves.label(contender));
        }
        String title = "Who moves with whom, " + curves.layer(layer) + ", "
                + panels.get(0).r().length + " units, end of the first run";
        return new CorrelationMaps(
                builder.id("map-" + (layer + 1)), title, title + ". Mean |r|: " + Words.list(words) + ".", panels);
    }

    private Finding sparsity() {
        return builder.hiddenLayers(
                "Dropout makes activations sparse: more units stay near zero.",
                "Srivastava et al., Dropout, 2014, section 7.2",
                "Share of activations with |a| below " + LayerState.SILENCE,
                curves.hiddenLayers(),
                false,
                Words::percent,
                LayerState::sparse,
                builder.overProbes(
                        "sparsity",
                        "Units near zero",
                        Axis.linear("share (%)"),
                        curves.hiddenLayers(),
                        state -> 100 * state.sparse()));
    }
}
