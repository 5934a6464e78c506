package bpnn.app.option;

import bpnn.lab.run.OptimizerName;
import bpnn.lab.run.RunPlan;
import bpnn.nn.Adam;
import bpnn.nn.AdamW;
import bpnn.nn.DecoupledDecay;
import bpnn.nn.Initialiser;
import bpnn.nn.InputScaling;
import bpnn.nn.Optimizer;
import bpnn.nn.TrainingConfig;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How to train. */
public final class TrainingOptions {
    private static final float DEFAULT_RATE = 1e-3f;

    @Option(
            names = "--recipe",
            paramLabel = "article|quick|strong|best",
            description = "A bundle of options, which others override: article: the network of the article, without its"
                    + " mistakes; quick: a minute or less; strong: distorted images, up to ten minutes; best: up to an hour."
                    + " --print-config shows them.")
    @SuppressWarnings("unused") // read before the options are parsed; here for the help text
    private @Nullable Recipe recipe;

    @Option(
            names = "--init",
            paramLabel = "xavier|he|zero|FILE",
            defaultValue = "xavier",
            description = "Initial weights: drawn, or those of a file that ends in .safetensors or .npz (default:"
                    + " ${DEFAULT-VALUE}, uniform).")
    private String init = "";

    @Option(
            names = "--optimizer",
            paramLabel = "adam|sgd|momentum|nesterov|rmsprop",
            defaultValue = "adam",
            description = "How weights follow their gradients; the momentum of momentum and nesterov is 0.9 (default:"
                    + " ${DEFAULT-VALUE}).")
    private OptimizerName optimizer = OptimizerName.ADAM;

    @Option(
            names = "--learning-rate",
            paramLabel = "X",
            description = "Size of a step; the same for all steps, unless --schedule is given too (default: 0.001).")
    private @Nullable Float learningRate;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            defaultValue = "128",
            description = "Images in a step (default: ${DEFAULT-VALUE}).")
    private int batchSize;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            defaultValue = "10",
            description = "Passes over the training images (default: ${DEFAULT-VALUE}).")
    private int epochs;

    @Option(names = "--steps", paramLabel = "N", description = "Stop after so many steps.")
    private @Nullable Long steps;

    @Option(
            names = "--no-shuffle",
            fallbackValue = "true",
            description = "Take the images in the order of the file; the last partial batch is left out.")
    private boolean noShuffle;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "1",
            description = "Decides initial weights, order of images and dropout (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--log-steps", paramLabel = "N", description = "Write every N-th step's loss to history.jsonl too.")
    private @Nullable Integer logSteps;

    @Option(names = "--out", paramLabel = "DIR", description = "Run folder (default: runs/<time>-<name>).")
    private @Nullable Path out;

    @Option(
            names = "--resume",
            fallbackValue = "true",
            description = "Go on with the run in --out from its checkpoint, or from its beginning if there is none.")
    private boolean resume;

    @Option(
            names = "--tensorboard",
            paramLabel = "DIR",
            description = "Also write losses, accuracy and histograms of the weights there, for TensorBoard.")
    private @Nullable Path tensorBoard;

    @Option(
            names = "--calibrate",
            fallbackValue = "true",
            description =
                    "In the end divide the logits by the temperature that makes probabilities fit the validation images; the"
                            + " classes that images are taken for stay the same.")
    private boolean calibrate;

    @Mixin
    private final RefinementOptions refinements = new RefinementOptions();

    /** Refuses what cannot be, before anything is loaded. */
    public void check() {
        refinements.check();
        Range.positive("--learning-rate", learningRate());
        Range.atLeast("--batch-size", batchSize, 1);
        Range.atLeast("--epochs", epochs, 1);
        if (steps != null) {
            Range.atLeast("--steps", steps, 1);
        }
        if (logSteps != null) {
            Range.atLeast("--log-steps", logSteps, 1);
        }
        if (resume && out == null) {
            throw new UsageException("--resume needs --out with the folder of the run that is to go on.");
        }
        if (drawn().isEmpty() && !init.endsWith(".safetensors") && !init.endsWith(".npz")) {
            throw new UsageException("--init is \"" + init
                    + "\", but must be xavier, he, zero or a file that ends in .safetensors or .npz.");
        }
    }

    /** Refuses what needs images to validate on, where there are none. */
    void checkValidation(boolean validated) {
        refinements.checkValidation(validated);
        if (calibrate && !validated) {
            throw new UsageException(
                    "--calibrate needs images to validate on, but there are none; --validation must be at least 1.");
        }
    }

    /** Whether the probabilities are to be fitted to the validation images. */
    boolean calibrate() {
        return calibrate;
    }

    /** Where TensorBoard looks for its events; null for nowhere. */
    public @Nullable Path tensorBoard() {
        return tensorBoard;
    }

    /** Whether to go on with a run that exists. */
    public boolean resume() {
        return resume;
    }

    /** The trainer's configuration. */
    public TrainingConfig config(InputScaling scaling) {
        Optimizer rule = optimizer.rule(learningRate());
        if (rule instanceof Adam adam && refinements.weightDecay() > 0) {
            rule = new AdamW(adam, refinements.weightDecay());
        }
        if (refinements.decoupledDecay() > 0) {
            rule = new DecoupledDecay(rule, refinements.decoupledDecay());
        }
        return new TrainingConfig(
                batchSize,
                epochs,
                steps == null ? 0 : steps,
                !noShuffle,
                rule,
                seed,
                scaling,
                refinements.refinements(optimizer == OptimizerName.ADAM, learningRate != null));
    }

    private float learningRate() {
        return learningRate == null ? DEFAULT_RATE : learningRate;
    }

    /** Where the initial weights come from. */
    public RunPlan.Start start() {
        return drawn().orElseGet(() -> new RunPlan.Start.FromFile(PathConverter.path("--init", init)));
    }

    private Optional<RunPlan.Start> drawn() {
        return Arrays.stream(Initialiser.values())
                .filter(initialiser -> initialiser.name().equalsIgnoreCase(init))
                .findFirst()
                .map(RunPlan.Start.Drawn::new);
    }

    /** Which optimiser was asked for. */
    public OptimizerName optimizer() {
        return optimizer;
    }

    /** Every how many steps the loss is written; 0 for never. */
    public int logSteps() {
        return logSteps == null ? 0 : logSteps;
    }

    /** The run folder that was asked for. */
    public Optional<Path> out() {
        return Optional.ofNullable(out);
    }
}
