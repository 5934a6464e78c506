package bpnn.report.study;

import static bpnn.report.Evidence.ARTICLE;

import bpnn.chart.Chart.Axis;
import bpnn.chart.CorrelationMaps;
import bpnn.chart.Figure;
import bpnn.lab.experiment.Arm;
import bpnn.lab.experiment.Contender;
import bpnn.lab.experiment.Experiment;
import bpnn.lab.probe.LayerState;
import bpnn.lab.statistics.UnitCorrelations;
import bpnn.report.Claim;
import bpnn.report.Curves;
import bpnn.report.Evidence;
import bpnn.report.Finding;
import bpnn.report.Published;
import bpnn.report.Question;
import bpnn.report.Study;
import bpnn.report.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Why units are dropped. */
public final class Dropout {
    private static final Overfitting OVERFITTING = new Overfitting("nothing dropped");

    /** The study. */
    public static final Study STUDY = new Study(
            Experiment.of(
                    "dropout",
                    "Dropout",
                    new Contender(Arm.plain("unit"), "no dropout"),
                    new Contender(Arm.plain("dropout").withDropout(0.3f), "dropout 0.3")),
            new Question(
                    "Dropout shrinks the gap between training and validation loss",
                    "Dropout does not shrink the gap between training and validation loss",
                    "These seeds cannot tell whether dropout shrinks the gap between training and validation loss",
                    OVERFITTING::quantity,
                    OVERFITTING::wedges),
            List.of(
                    OVERFITTING.gap(
                            "Dropout curbs overfitting: it shrinks the gap between training and validation loss.",
                            ARTICLE),
                    OVERFITTING.slower("Dropout slows the training down.", ARTICLE),
                    claim(Dropout::correlation),
                    claim(Dropout::sparsity)),
            new Published(
                    List.of(new Published.Curve(true, 380, 470, 0, 28), new Published.Curve(false, 60, 71, 4, 10)),
                    List.of(new Published.Accuracy(0.997, 0.994))));

    private final Evidence evidence;
    private final Curves curves;

    private Dropout(Evidence evidence) {
        this.evidence = evidence;
        this.curves = evidence.curves();
    }

    private static Claim claim(Function<Dropout, Finding> judgement) {
        return evidence -> judgement.apply(new Dropout(evidence));
    }

    private Finding correlation() {
        List<Figure> figures = new ArrayList<>(evidence.overProbes(
                "correlation",
                "Correlation between units",
                Axis.linear("mean |Pearson's r|"),
                curves.hiddenLayers(),
                LayerState::correlation));
        for (int layer = 0; layer < curves.hiddenLayers(); layer++) {
            figures.add(maps(layer));
        }
        return evidence.hiddenLayers(
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
                evidence.id("map-" + (layer + 1)), title, title + ". Mean |r|: " + Words.list(words) + ".", panels);
    }

    private Finding sparsity() {
        return evidence.hiddenLayers(
                "Dropout makes activations sparse: more units stay near zero.",
                "Srivastava et al., Dropout, 2014, section 7.2",
                "Share of activations with |a| below " + LayerState.SILENCE,
                curves.hiddenLayers(),
                false,
                Words::percent,
                LayerState::sparse,
                evidence.overProbes(
                        "sparsity",
                        "Units near zero",
                        Axis.linear("share (%)"),
                        curves.hiddenLayers(),
                        state -> 100 * state.sparse()));
    }
}
