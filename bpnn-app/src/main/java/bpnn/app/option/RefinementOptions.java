package bpnn.app.option;

import bpnn.nn.LearningRateSchedule;
import bpnn.nn.Refinements;
import bpnn.nn.WeightAveraging;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a training may do beyond following its gradients. */
public final class RefinementOptions {
    /** How the learning rate changes. */
    public enum Schedule {
        AUTO,
        CONSTANT,
        STEP,
        COSINE,
        ONE_CYCLE
    }

    /** The share of a training in which one cycle rises. */
    private static final double RISE = 0.1;

    @Option(
            names = "--schedule",
            paramLabel = "auto|constant|step|cosine|one-cycle",
            defaultValue = "auto",
            description =
                    "How the learning rate changes: constant: not at all; step: times --schedule-decay every --schedule-epochs;"
                            + " cosine: along half a cosine to 0 at the end; one-cycle: up to --schedule-peak times itself in the first tenth,"
                            + " then along half a cosine to 0; auto: one-cycle with adam where --learning-rate is not given, else constant (default: ${DEFAULT-VALUE}).")
    private Schedule schedule = Schedule.AUTO;

    @Option(
            names = "--schedule-epochs",
            paramLabel = "N",
            defaultValue = "5",
            description = "Epochs between two decays of --schedule step (default: ${DEFAULT-VALUE}).")
    private int scheduleEpochs;

    @Option(
            names = "--schedule-decay",
            paramLabel = "X",
            defaultValue = "0.1",
            description = "What --schedule step multiplies the learning rate with (default: ${DEFAULT-VALUE}).")
    private double scheduleDecay;

    @Option(
            names = "--schedule-peak",
            paramLabel = "X",
            defaultValue = "3",
            description = "How many times the learning rate --schedule one-cycle rises to (default: ${DEFAULT-VALUE}).")
    private double schedulePeak;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            defaultValue = "0",
            description = "Raise the learning rate evenly over the first N steps (default: ${DEFAULT-VALUE}).")
    private long warmUp;

    @Option(
            names = "--weight-decay",
            paramLabel = "X",
            defaultValue = "0",
            description =
                    "Pull weights towards 0: with adam as AdamW does, else by the gradient, as in PyTorch; biases and"
                            + " batch norm too (default: ${DEFAULT-VALUE}).")
    private float weightDecay;

    @Option(
            names = "--decoupled-decay",
            paramLabel = "X",
            defaultValue = "0",
            description =
                    "Pull weights towards 0 by X times the learning rate before each step, with any optimiser; biases and"
                            + " batch norm are left alone (default: ${DEFAULT-VALUE}).")
    private float decoupledDecay;

    @Option(
            names = "--label-smoothing",
            paramLabel = "E",
            defaultValue = "0",
            description = "Share of the target that goes to all classes alike (default: ${DEFAULT-VALUE}).")
    private float labelSmoothing;

    @Option(
            names = "--clip-norm",
            paramLabel = "X",
            defaultValue = "0",
            description = "Greatest norm of the gradient; 0 for no limit (default: ${DEFAULT-VALUE}).")
    private float clipNorm;

    @Option(
            names = "--max-norm",
            paramLabel = "X",
            defaultValue = "0",
            description = "Greatest norm of the weights that lead to a unit; 0 for no limit (default:"
                    + " ${DEFAULT-VALUE}).")
    private float maxNorm;

    @Option(
            names = "--patience",
            paramLabel = "N",
            defaultValue = "0",
            description = "Stop when the validation loss has not been its best for N epochs, and keep the best epoch's"
                    + " weights; 0 for not at all (default: ${DEFAULT-VALUE}).")
    private int patience;

    @Option(
            names = "--ema",
            paramLabel = "X",
            defaultValue = "0",
            description =
                    "Judge and keep an average of the weights over the steps: each step's average is the last one times"
                            + " X, such as 0.999, and the rest from the weights; 0 for none (default: ${DEFAULT-VALUE}).")
    private float ema;

    @Option(
            names = "--swa",
            paramLabel = "SHARE",
            defaultValue = "0",
            description =
                    "Judge and keep the mean of the weights at the end of each epoch in this last share of the epochs,"
                            + " such as 0.25; 0 for none (default: ${DEFAULT-VALUE}).")
    private float swa;

    @Mixin
    private final AugmentationOptions augmentation = new AugmentationOptions();

    /** Refuses what cannot be, before anything is loaded. */
    public void check() {
        Range.atLeast("--schedule-epochs", scheduleEpochs, 1);
        Range.atLeast("--warm-up", warmUp, 0);
        Range.atLeast("--patience", patience, 0);
        Range.share("--label-smoothing", labelSmoothing);
        Range.notNegative("--weight-decay", weightDecay);
        Range.notNegative("--decoupled-decay", decoupledDecay);
        if (weightDecay > 0 && decoupledDecay > 0) {
            throw new UsageException(
                    "--weight-decay and --decoupled-decay are two ways of the same; give one of them.");
        }
        Range.notNegative("--clip-norm", clipNorm);
        Range.notNegative("--max-norm", maxNorm);
        Range.share("--ema", ema);
        if (!(swa >= 0 && swa <= 1)) {
            throw new UsageException("--swa is " + swa + ", but must be between 0 and 1.");
        }
        if (ema > 0 && swa > 0) {
            throw new UsageException("--ema and --swa are two averages of the weights; give one of them.");
        }
        augmentation.check();
        if (!(schedulePeak >= 1 && schedulePeak < Double.POSITIVE_INFINITY)) {
            throw new UsageException("--schedule-peak is " + schedulePeak + ", but must be at least 1 and finite.");
        }
        if (!(scheduleDecay > 0 && scheduleDecay <= 1)) {
            throw new UsageException("--schedule-decay is " + scheduleDecay + ", but must be in (0, 1].");
        }
    }

    /** Refuses early stopping without images to judge by. */
    void checkValidation(boolean validated) {
        if (patience > 0 && !validated) {
            throw new UsageException("--patience is " + patience
                    + ", but there are no images to validate on; --validation must be at least 1.");
        }
    }

    /** Weight decay λ of the weights of dense layers alone. */
    float decoupledDecay() {
        return decoupledDecay;
    }

    /** Weight decay λ. */
    float weightDecay() {
        return weightDecay;
    }

    /**
     * @param adam whether the optimiser is Adam, which sees to the weight decay itself
     * @param rateGiven whether the learning rate was asked for, and so must not be changed unasked
     */
    Refinements refinements(boolean adam, boolean rateGiven) {
        Schedule auto = adam && !rateGiven ? Schedule.ONE_CYCLE : Schedule.CONSTANT;
        Schedule chosen = schedule == Schedule.AUTO ? auto : schedule;
        LearningRateSchedule base = switch (chosen) {
            case AUTO, CONSTANT -> new LearningRateSchedule.Constant();
            case STEP -> new LearningRateSchedule.Steps(scheduleEpochs, scheduleDecay);
            case COSINE -> new LearningRateSchedule.Cosine();
            case ONE_CYCLE -> new LearningRateSchedule.OneCycle(schedulePeak, RISE);
        };
        return new Refinements(
                warmUp > 0 ? new LearningRateSchedule.WarmUp(warmUp, base) : base,
                labelSmoothing,
                clipNorm,
                adam ? 0 : weightDecay,
                maxNorm,
                patience,
                augmentation.distortion(),
                averaging());
    }

    private WeightAveraging averaging() {
        if (ema > 0) {
            return new WeightAveraging.Exponential(ema);
        }
        return swa > 0 ? new WeightAveraging.Stochastic(swa) : new WeightAveraging.None();
    }
}
