package bpnn.lab.comparison;

import bpnn.io.file.Word;
import bpnn.io.model.Model;
import bpnn.lab.run.RunPlan;
import bpnn.lab.run.TrainingRun;
import bpnn.lab.statistics.Proportion;
import bpnn.nn.EpochResult;
import bpnn.nn.Evaluation;
import bpnn.nn.TrainingListener;
import bpnn.spi.Backend;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Observes a training on one backend and keeps what is compared: losses, weights on the way, test results, step times. */
public final class BackendTraining implements TrainingListener {
    /** Steps of the timed training, a third of them for each of its parts; see {@link StepStopwatch}. */
    private static final long TIMED_STEPS = 96;

    private final String name;
    private final Backend backend;
    private final RunPlan plan;
    private final TrainingRun run;
    private final @Nullable BackendTraining reference;
    private final WeightTrajectory trajectory;
    private final NavigableMap<Long, Float> losses = new TreeMap<>();
    private long steps;
    private double seconds;
    private @Nullable ComparedRun result;

    /**
     * Observes a run that the caller trains, with this as a listener; {@link #finish} ends the observation.
     *
     * @param name what to call the training
     * @param run the training, before its first step
     * @param reference the training that this one is compared with; null for the reference itself
     */
    public BackendTraining(
            String name, Backend backend, RunPlan plan, TrainingRun run, @Nullable BackendTraining reference) {
        this.name = name;
        this.backend = backend;
        this.plan = plan;
        this.run = run;
        this.reference = reference;
        this.trajectory =
                new WeightTrajectory(() -> run.model().state(), reference == null ? null : reference.trajectory);
        trajectory.look(0);
    }

    /**
     * Trains a plan from its first step to its last.
     *
     * @param name what to call the training
     * @param reference the training that this one is compared with; null for the reference itself
     */
    public static BackendTraining train(
            String name, Backend backend, RunPlan plan, @Nullable BackendTraining reference) {
        try (TrainingRun run = new TrainingRun(backend, plan)) {
            BackendTraining training = new BackendTraining(name, backend, plan, run, reference);
            run.train(training);
            training.finish();
            return training;
        }
    }

    @Override
    public void onSteps(int epoch, long firstStep, float[] values, int stepsLeft) {
        for (int i = 0; i < values.length; i++) {
            losses.put(firstStep + i, values[i]);
        }
    }

    @Override
    public void onEpoch(EpochResult epoch) {
        steps += epoch.steps();
        seconds += epoch.seconds();
    }

    @Override
    public boolean observes(long step) {
        return trajectory.observes(step);
    }

    @Override
    public void afterStep(long step) {
        trajectory.afterStep(step);
    }

    /** Evaluates the trained network, and trains a little more on the same backend to time the parts of a step. */
    public void finish() {
        trajectory.look(steps);
        Model model = run.model();
        Evaluation test = run.evaluate(plan.images().test());
        int images = plan.images().test().size();
        result = new ComparedRun(
                name,
                new ComparedRun.Computer(backend.id(), backend.device(), Word.of(backend.numerics())),
                losses,
                model.state(),
                model.sha256(),
                new Proportion(Math.round(test.accuracy() * images), images),
                test.loss(),
                test.predictions(),
                seconds / steps,
                times());
    }

    /**
     * What is compared.
     *
     * @throws IllegalStateException before {@link #finish}
     */
    public ComparedRun result() {
        if (result == null) {
            throw new IllegalStateException("The training \"" + name + "\" has not finished");
        }
        return result;
    }

    /**
     * This training against its reference.
     *
     * @param threshold relative difference of the losses above which the trainings count as diverged
     * @throws IllegalStateException if it has no reference, or one of the two has not finished
     */
    public Comparison compare(double threshold) {
        if (reference == null) {
            throw new IllegalStateException("The training \"" + name + "\" is a reference itself");
        }
        return Comparison.of(reference.result(), result(), List.of(), List.of(), trajectory.distances(), threshold);
    }

    private @Nullable StepTimes times() {
        long timedSteps = Math.min(TIMED_STEPS, steps);
        if (timedSteps < 3) {
            return null;
        }
        StepStopwatch stopwatch = new StepStopwatch(backend, timedSteps);
        try (TrainingRun timed = new TrainingRun(stopwatch.backend(), plan.ofSteps(timedSteps))) {
            timed.train(stopwatch);
        }
        return stopwatch.times();
    }
}
