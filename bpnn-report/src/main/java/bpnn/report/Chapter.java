package bpnn.report;

import bpnn.chart.Figure;
import bpnn.lab.experiment.Experiment;
import java.util.List;
import java.util.stream.Stream;

/**
 * An experiment in the report.
 *
 * @param experiment which
 * @param headline the experiment in two numbers
 * @param verdict what came out, in a sentence
 * @param evidence the numbers behind it
 * @param lead the picture to remember
 * @param effects curves of loss and accuracy
 * @param findings claims about effect and cause, with their pictures
 * @param arms how each contender did on the test images
 * @param published what others measured
 */
public record Chapter(
        Experiment experiment,
        Headline headline,
        String verdict,
        String evidence,
        Figure lead,
        List<Figure> effects,
        List<Finding> findings,
        List<ArmSummary> arms,
        Published published) {
    public Chapter {
        effects = List.copyOf(effects);
        findings = List.copyOf(findings);
        arms = List.copyOf(arms);
    }

    /** Every picture, each once, the lead first. */
    public List<Figure> figures() {
        return Stream.of(
                        Stream.of(lead),
                        effects.stream(),
                        findings.stream().flatMap(finding -> finding.figures().stream()))
                .flatMap(figures -> figures)
                .distinct()
                .toList();
    }
}
