package bpnn.report;

import bpnn.chart.Html;
import bpnn.lab.experiment.ExperimentPlan;
import bpnn.lab.experiment.Results;
import bpnn.lab.experiment.Settings;
import bpnn.lab.run.RunPlan;
import bpnn.lab.work.Computer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything that the report says.
 *
 * @param plan what was compared
 * @param results every run
 * @param configuration the full configuration
 * @param device what computed
 * @param chapters one for each experiment
 */
public record Report(
        ExperimentPlan plan, Results results, ObjectNode configuration, String device, List<Chapter> chapters) {
    public Report {
        chapters = List.copyOf(chapters);
    }

    /**
     * Draws all conclusions.
     *
     * @param studies those of the plan's experiments, in their order
     * @param computer what computed
     */
    public static Report of(List<Study> studies, ExperimentPlan plan, Results results, Computer computer) {
        if (!studies.stream().map(Study::experiment).toList().equals(plan.experiments())) {
            throw new IllegalArgumentException("The studies are not those of the plan's experiments");
        }
        List<Chapter> chapters = new ArrayList<>();
        for (Study study : studies) {
            chapters.add(study.chapter(
                    new Evidence(study.experiment(), results, plan.images().test())));
        }
        return new Report(plan, results, plan.configuration(computer), computer.device(), chapters);
    }

    /** What the report is about. */
    String headline() {
        return chapters.size() == 1
                ? chapters.get(0).experiment().title() + ": what it does, and why"
                : Words.count(chapters.size()) + " training tricks: what they do, and why";
    }

    /** What was done, in a sentence. */
    String setting() {
        Settings settings = plan.settings();
        RunPlan.Images images = plan.images();
        return Html.format(
                "A network of %d-%s-%d units with tanh, trained on %,d images (%s) with and without each trick, %s for"
                        + " each arm, %d epochs; judged by %,d images that it never saw.",
                images.train().features(),
                String.join("-", settings.hidden().stream().map(String::valueOf).toList()),
                images.train().classes(),
                images.train().size(),
                images.train().name(),
                Words.seeds(settings.seeds()),
                settings.epochs(),
                images.test().size());
    }
}
