package bpnn.lab.report;

import bpnn.chart.Html;
import bpnn.lab.experiment.Experiment;
import bpnn.lab.experiment.ExperimentPlan;
import bpnn.lab.experiment.Results;
import bpnn.lab.experiment.Settings;
import bpnn.lab.run.RunPlan;
import bpnn.spi.Backend;
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

    /** Draws all conclusions. */
    public static Report of(ExperimentPlan plan, Results results, Backend backend) {
        List<Chapter> chapters = new ArrayList<>();
        for (Experiment experiment : plan.experiments()) {
            chapters.add(chapter(experiment, plan, results));
        }
        return new Report(plan, results, plan.configuration(backend), backend.device(), chapters);
    }

    /** What the report is about. */
    String headline() {
        return chapters.size() == 1
                ? chapters.get(0).experiment().title() + ": what it does, and why"
                : "Three training tricks: what they do, and why";
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

    private static Chapter chapter(Experiment experiment, ExperimentPlan plan, Results results) {
        ChapterBuilder builder =
                new ChapterBuilder(experiment, results, plan.images().test());
        return switch (experiment) {
            case SCALING -> new ScalingChapter(builder).build();
            case DROPOUT -> new DropoutChapter(builder).build();
            case BATCH_NORM ->
                new BatchNormChapter(
                                builder,
                                RateLimits.of(
                                        experiment,
                                        results,
                                        plan.images().test().classes()))
                        .build();
        };
    }
}
