package bpnn.lab.experiment;

import bpnn.lab.work.Computer;
import bpnn.lab.work.WorkHandler;
import bpnn.lab.work.WorkItem;
import bpnn.lab.work.WorkOutcome;
import bpnn.spi.Backend;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Carries the tasks of a plan out and keeps their results in their folders. */
public final class TaskHandler implements WorkHandler {
    /** The item that computes nothing, and whose outcome says what would. */
    public static final WorkItem PROBE = new WorkItem("probe", "");

    private final Backend backend;
    private final ExperimentRunner.ProgressListener listener;
    private final TaskRunner runner;
    private final Map<String, Task> tasks = new HashMap<>();

    /** @param backend stays open */
    public TaskHandler(Backend backend, ExperimentPlan plan, ExperimentRunner.ProgressListener listener) {
        this.backend = backend;
        this.listener = listener;
        this.runner = new TaskRunner(backend, plan.settings(), plan.images());
        plan.tasks().forEach(task -> tasks.put(task.name(), task));
    }

    @Override
    public Optional<WorkOutcome> carryOut(WorkItem item, Path folder) {
        Computer computer = Computer.of(backend);
        if (item.equals(PROBE)) {
            return Optional.of(WorkOutcome.done("", computer));
        }
        Task task = Objects.requireNonNull(tasks.get(item.name()));
        listener.onTask(task);
        Optional<? extends TaskResult> result =
                task.kind() == Task.Kind.RATES ? runner.sweep(task, listener) : runner.train(task, listener);
        return result.map(found -> {
            RunArchive.store(folder, found);
            return WorkOutcome.done(digest(found), computer);
        });
    }

    /** Times are not part of it. */
    private static String digest(TaskResult result) {
        return result instanceof TrainedRun run
                ? run.weightsSha256()
                : ((RateSweep) result).points().toString();
    }

    @Override
    public void requestStop() {
        runner.requestStop();
    }

    @Override
    public void close() {
        runner.close();
    }
}
