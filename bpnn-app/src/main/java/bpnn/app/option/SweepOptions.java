package bpnn.app.option;

import bpnn.lab.run.OptimizerName;
import bpnn.nn.InputScaling;
import bpnn.nn.LearningRateSchedule;
import bpnn.nn.Refinements;
import bpnn.nn.TrainingConfig;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A training whose learning rate rises from step to step. */
public final class SweepOptions {
    private static final int MOST_STEPS = 300;
    private static final int LEAST_STEPS = 40;
    private static final int PASSES = 5;

    @Option(
            names = "--from",
            paramLabel = "X",
            defaultValue = "1e-6",
            description = "Learning rate of the first step (default: ${DEFAULT-VALUE}).")
    private float from;

    @Option(
            names = "--to",
            paramLabel = "X",
            defaultValue = "10",
            description = "Learning rate of the last step (default: ${DEFAULT-VALUE}).")
    private float to;

    @Option(
            names = "--sweep-steps",
            paramLabel = "N",
            description =
                    "Steps of the training (default: 300, but no more than five passes over the images, and at least 40).")
    private @Nullable Integer steps;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            defaultValue = "128",
            description = "Images in a step (default: ${DEFAULT-VALUE}).")
    private int batchSize;

    @Option(
            names = "--optimizer",
            paramLabel = "adam|sgd|momentum|nesterov|rmsprop",
            defaultValue = "adam",
            description = "How weights follow their gradients (default: ${DEFAULT-VALUE}).")
    private OptimizerName optimizer = OptimizerName.ADAM;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "1",
            description = "Decides initial weights, order of images and dropout (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--out",
            paramLabel = "FILE.png",
            defaultValue = "learning-rates.png",
            description = "Picture to draw (default: ${DEFAULT-VALUE}).")
    private Path out = Path.of("");

    /** Refuses what cannot be, before anything is loaded. */
    public void check() {
        Range.positive("--from", from);
        Range.positive("--to", to);
        if (steps != null) {
            Range.atLeast("--sweep-steps", steps, 2);
        }
        Range.atLeast("--batch-size", batchSize, 1);
        if (from >= to) {
            throw new UsageException("--from is " + from + ", but must be less than --to, which is " + to + ".");
        }
    }

    /** Learning rate of the first step. */
    public double from() {
        return from;
    }

    /** Learning rate of the last step. */
    public double to() {
        return to;
    }

    /** Steps of the training for so many images: where they repeat often, losses tell how well they are remembered. */
    public int steps(int images) {
        return steps == null ? Math.max(LEAST_STEPS, Math.min(MOST_STEPS, PASSES * stepsPerPass(images))) : steps;
    }

    private int stepsPerPass(int images) {
        return Math.max(1, images / batchSize);
    }

    /** Which optimiser was asked for. */
    public OptimizerName optimizer() {
        return optimizer;
    }

    /** The picture. */
    public Path out() {
        return out;
    }

    /** The trainer's configuration for so many images. */
    public TrainingConfig config(InputScaling scaling, int images) {
        LearningRateSchedule rising = new LearningRateSchedule.Sweep((double) to / from);
        int perEpoch = stepsPerPass(images);
        int steps = steps(images);
        return new TrainingConfig(
                batchSize,
                (steps + perEpoch - 1) / perEpoch,
                steps,
                true,
                optimizer.rule(from),
                seed,
                scaling,
                new Refinements(rising, 0, 0, 0, 0, 0));
    }
}
