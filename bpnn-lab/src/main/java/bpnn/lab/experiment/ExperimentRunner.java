package bpnn.lab.experiment;

import bpnn.nn.TrainingListener;
import bpnn.spi.Backend;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Carries out a plan: every task that is not yet in the archive, one after the other. */
public final class ExperimentRunner implements AutoCloseable {
    private final ExperimentPlan plan;
    private final RunArchive archive;
    private final TaskRunner runner;

    public ExperimentRunner(Backend backend, ExperimentPlan plan, RunArchive archive) {
        this.plan = plan;
        this.archive = archive;
        this.runner = new TaskRunner(backend, plan.settings(), plan.images());
    }

    /** Receives the progress of the tasks, and the losses of their training steps. */
    public interface ProgressListener extends TrainingListener {
        /** Says nothing. */
        ProgressListener SILENT = new ProgressListener() {};

        /** Work that is to be done, in steps. */
        default void onPlan(int tasks, int finishedEarlier, long steps) {}

        /** A task begins. */
        default void onTask(Task task) {}

        /** The task is done and kept. */
        default void onFinished(Task task, String outcome) {}
    }

    /** Asks {@link #run} to end soon; any thread may call it. */
    public void requestStop() {
        runner.requestStop();
    }

    /**
     * Does what is left to do.
     *
     * @return empty if it was asked to stop; finished tasks are kept then
     */
    public Optional<Results> run(ProgressListener listener) {
        Map<Arm, List<TrainedRun>> trained = new HashMap<>();
        Map<Arm, List<RateSweep>> sweeps = new HashMap<>();
        List<Task> tasks = plan.tasks();
        List<Task> missing = new ArrayList<>();
        for (Task task : tasks) {
            if (load(task).isEmpty()) {
                missing.add(task);
            }
        }
        listener.onPlan(
                tasks.size(),
                tasks.size() - missing.size(),
                missing.stream().mapToLong(this::steps).sum());
        for (Task task : missing) {
            listener.onTask(task);
            Optional<? extends TaskResult> result =
                    task.kind() == Task.Kind.RATES ? runner.sweep(task, listener) : runner.train(task, listener);
            if (result.isEmpty()) {
                return Optional.empty();
            }
            archive.store(task, result.get());
            listener.onFinished(task, result.get() instanceof TrainedRun run ? outcome(run) : "");
        }
        for (Task task : tasks) {
            TaskResult result = load(task).orElseThrow();
            if (result instanceof TrainedRun run) {
                trained.computeIfAbsent(task.arm(), arm -> new ArrayList<>()).add(run);
            } else if (result instanceof RateSweep sweep) {
                sweeps.computeIfAbsent(task.arm(), arm -> new ArrayList<>()).add(sweep);
            }
        }
        return Optional.of(new Results(trained, sweeps));
    }

    private Optional<? extends TaskResult> load(Task task) {
        return task.kind() == Task.Kind.RATES
                ? archive.load(task, RateSweep.class)
                : archive.load(task, TrainedRun.class);
    }

    private static String outcome(TrainedRun run) {
        return run.divergedIn() > 0
                ? "diverged in epoch " + run.divergedIn()
                : String.format(Locale.ROOT, "test accuracy %.4f, %.1f s", run.testAccuracy(), run.seconds());
    }

    private long steps(Task task) {
        long steps = (long) runner.stepsPerEpoch(task.arm()) * plan.settings().epochs();
        return task.kind() == Task.Kind.RATES
                ? Settings.sweepRates().length * Math.min(steps, Settings.SWEEP_STEPS)
                : steps;
    }

    @Override
    public void close() {
        runner.close();
    }
}
