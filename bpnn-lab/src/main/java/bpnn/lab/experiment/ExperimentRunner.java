package bpnn.lab.experiment;

import bpnn.lab.probe.NetworkView;
import bpnn.lab.work.WorkEngine;
import bpnn.lab.work.WorkItem;
import bpnn.nn.TrainingListener;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Has every task of a plan carried out that is not yet in the archive. */
public final class ExperimentRunner {
    private final ExperimentPlan plan;
    private final ExperimentFolder folder;
    private final RunArchive archive;

    public ExperimentRunner(ExperimentPlan plan, ExperimentFolder folder, RunArchive archive) {
        this.plan = plan;
        this.folder = folder;
        this.archive = archive;
    }

    /** Receives the progress of the tasks, and the losses of their training steps. */
    public interface ProgressListener extends TrainingListener {
        /** Says nothing. */
        ProgressListener SILENT = new ProgressListener() {};

        /** Work that is to be done, in steps. */
        default void onPlan(int tasks, int finishedEarlier, long steps) {}

        /** A task begins. */
        default void onTask(Task task) {}

        /**
         * A training of a task begins.
         *
         * @param network what is trained
         * @return hears of this training too
         */
        default TrainingListener onTraining(Task task, NetworkView network) {
            return new TrainingListener() {};
        }

        /** The task is done and kept. */
        default void onFinished(Task task, String outcome) {}
    }

    /**
     * Does what is left to do.
     *
     * @param engine carries tasks out by {@link TaskHandler}s
     * @return empty if it was asked to stop; finished tasks are kept then
     */
    public Optional<Results> run(WorkEngine engine, ProgressListener listener) {
        List<Task> tasks = plan.tasks();
        Map<String, Task> missing = new HashMap<>();
        List<WorkItem> items = new ArrayList<>();
        long steps = 0;
        for (Task task : tasks) {
            if (load(task).isEmpty()) {
                missing.put(task.name(), task);
                items.add(new WorkItem(task.name(), ""));
                steps += plan.steps(task);
            }
        }
        listener.onPlan(tasks.size(), tasks.size() - items.size(), steps);
        boolean whole = engine.run(folder.runs(), items, result -> {
            Task task = Objects.requireNonNull(missing.get(result.item().name()));
            listener.onFinished(
                    task, load(task).orElseThrow() instanceof TrainedRun run ? outcome(run, result.worker()) : "");
        });
        return whole ? Optional.of(results(tasks)) : Optional.empty();
    }

    private Results results(List<Task> tasks) {
        Map<Arm, List<TrainedRun>> trained = new HashMap<>();
        Map<Arm, List<RateSweep>> sweeps = new HashMap<>();
        for (Task task : tasks) {
            TaskResult result = load(task).orElseThrow();
            if (result instanceof TrainedRun run) {
                trained.computeIfAbsent(task.arm(), arm -> new ArrayList<>()).add(run);
            } else if (result instanceof RateSweep sweep) {
                sweeps.computeIfAbsent(task.arm(), arm -> new ArrayList<>()).add(sweep);
            }
        }
        return new Results(trained, sweeps);
    }

    private Optional<? extends TaskResult> load(Task task) {
        return task.kind() == Task.Kind.RATES
                ? archive.load(task, RateSweep.class)
                : archive.load(task, TrainedRun.class);
    }

    private static String outcome(TrainedRun run, String worker) {
        String where = worker.isEmpty() ? "" : ", on " + worker;
        return run.divergedIn() > 0
                ? "diverged in epoch " + run.divergedIn() + where
                : String.format(Locale.ROOT, "test accuracy %.4f, %.1f s", run.testAccuracy(), run.seconds()) + where;
    }
}
