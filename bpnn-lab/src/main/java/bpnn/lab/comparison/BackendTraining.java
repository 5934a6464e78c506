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
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Watches a training on a backend, and makes of it what can be compared. */
public final class BackendTraining implements TrainingListener {
    /** Steps of the measured stretch, a third of them for each of its parts; see {@link StepStopwatch}. */
    private static final long MEASURED_STEPS = 96;

    private final String name;
    private final Backend backend;
    private final RunPlan plan;
    private final TrainingRun run;
    private final WeightTrack track;
    private final NavigableMap<Long, Float> losses = new TreeMap<>();
    private long steps;
    private double seconds;

    /**
     * @param name what to call the training
     * @param run the training, before its first step
     * @param reference the training that this one is compared with; null if this is the one
     */
    public BackendTraining(
            String name, Backend backend, RunPlan plan, TrainingRun run, @Nullable BackendTraining reference) {
        this.name = name;
        this.backend = backend;
        this.plan = plan;
        this.run = run;
        this.track = new WeightTrack(() -> run.model().state(), reference == null ? null : reference.track);
        track.look(0);
    }

    @Override
    public void onSteps(int epoch, long firstStep, float[] values, int stepsLeft) {
        for (int i = 0; i < values.length; i++) {
            losses.put(firstStep + i, values[i]);
        }
    }

    @Override
    public void onEpoch(EpochResult result) {
        steps += result.steps();
        seconds += result.seconds();
    }

    @Override
    public boolean observes(long step) {
        return track.observes(step);
    }

    @Override
    public void afterStep(long step) {
        track.afterStep(step);
    }

    /** How far the weights were from the reference's, by steps. */
    public SortedMap<Long, WeightDistance> distances() {
        return track.distances();
    }

    /** What came out; trains a little more on the same backend to see how long the parts of a step take. */
    public Side finish() {
        track.look(steps);
        Model model = run.model();
        Evaluation test = run.evaluate(plan.images().test());
        int images = plan.images().test().size();
        return new Side(
                name,
                new Side.Computer(backend.id(), backend.device(), Word.of(backend.numerics())),
                losses,
                model.state(),
                model.sha256(),
                new Proportion(Math.round(test.accuracy() * images), images),
                test.loss(),
                test.predictions(),
                seconds / steps,
                times());
    }

    private @Nullable StepTimes times() {
        long measured = Math.min(MEASURED_STEPS, steps);
        if (measured < 3) {
            return null;
        }
        StepStopwatch stopwatch = new StepStopwatch(backend, measured);
        try (TrainingRun timed = new TrainingRun(stopwatch.backend(), plan.ofSteps(measured))) {
            timed.train(stopwatch);
        }
        return stopwatch.times();
    }
}
