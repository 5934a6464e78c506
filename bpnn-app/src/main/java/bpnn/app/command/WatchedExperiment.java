package bpnn.app.command;

import bpnn.app.live.RunView;
import bpnn.app.live.WatchedRun;
import bpnn.io.file.Word;
import bpnn.lab.experiment.Arm;
import bpnn.lab.experiment.ExperimentPlan;
import bpnn.lab.experiment.ExperimentRunner.ProgressListener;
import bpnn.lab.experiment.Settings;
import bpnn.lab.experiment.Task;
import bpnn.lab.probe.NetworkView;
import bpnn.nn.EpochResult;
import bpnn.nn.TrainingListener;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Shows the trainings of an experiment in a page, the latest of them, while somebody else tells of its progress. */
final class WatchedExperiment implements ProgressListener {
    private final ProgressListener progress;
    private final ExperimentPlan plan;
    private final Watching watching;
    private @Nullable WatchedRun current;

    WatchedExperiment(ProgressListener progress, ExperimentPlan plan, Watching watching) {
        this.progress = progress;
        this.plan = plan;
        this.watching = watching;
    }

    @Override
    public TrainingListener onTraining(Task task, NetworkView network) {
        Arm arm = task.arm();
        Settings settings = plan.settings();
        RunView view = new RunView(
                arm.id().replace('-', ' ') + ", seed " + task.seed(),
                options(arm, task.seed()),
                null,
                settings.stepsPerEpoch(arm, plan.images().train().size()),
                settings.epochs(),
                plan.images().validation());
        WatchedRun watched = watching.watch(view, network, plan.images(), settings.batchSize());
        current = watched;
        TrainingListener told = progress.onTraining(task, network);
        return watched == null ? told : TrainingListener.all(List.of(told, watched));
    }

    private Map<String, String> options(Arm arm, long seed) {
        Settings settings = plan.settings();
        Map<String, String> options = new TreeMap<>();
        options.put("activation", "tanh");
        options.put("batch-norm", String.valueOf(arm.batchNorm()));
        options.put("batch-size", String.valueOf(settings.batchSize()));
        options.put("dropout", String.valueOf(arm.dropout()));
        options.put("epochs", String.valueOf(settings.epochs()));
        options.put("hidden", settings.hidden().stream().map(String::valueOf).collect(Collectors.joining(",")));
        options.put("learning-rate", String.valueOf(settings.learningRate(arm)));
        options.put("normalize", Word.of(arm.normalisation()));
        options.put("optimizer", Word.of(arm.optimizer()));
        options.put("seed", String.valueOf(seed));
        return options;
    }

    @Override
    public void onFinished(Task task, String outcome) {
        WatchedRun watched = current;
        if (watched != null && task.kind() == Task.Kind.TRAINING) {
            watched.view().become(RunView.Status.DONE, outcome);
            watched.close();
        }
        progress.onFinished(task, outcome);
    }

    @Override
    public void onPlan(int tasks, int finishedEarlier, long steps) {
        progress.onPlan(tasks, finishedEarlier, steps);
    }

    @Override
    public void onTask(Task task) {
        progress.onTask(task);
    }

    @Override
    public void onSteps(int epoch, long firstStep, float[] losses, int stepsLeft) {
        progress.onSteps(epoch, firstStep, losses, stepsLeft);
    }

    @Override
    public void onEpoch(EpochResult result) {
        progress.onEpoch(result);
    }

    @Override
    public boolean observes(long step) {
        return progress.observes(step);
    }

    @Override
    public void beforeStep(long step) {
        progress.beforeStep(step);
    }

    @Override
    public void afterStep(long step) {
        progress.afterStep(step);
    }
}
