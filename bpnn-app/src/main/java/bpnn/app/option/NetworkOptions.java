package bpnn.app.option;

import bpnn.data.DataException;
import bpnn.data.Dataset;
import bpnn.lab.run.DropoutMask;
import bpnn.lab.run.Normalisation;
import bpnn.nn.ActivationFunction;
import bpnn.nn.DropoutRates;
import bpnn.nn.InputScaling;
import bpnn.nn.NetworkSpec;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The network to be trained. */
public final class NetworkOptions {
    @Mixin
    private final HiddenOption hidden = new HiddenOption();

    @Option(
            names = "--activation",
            paramLabel = "tanh|relu|sigmoid|leaky-relu|gelu|silu",
            defaultValue = "tanh",
            description = "Non-linearity of the hidden layers (default: ${DEFAULT-VALUE}).")
    private ActivationFunction activation = ActivationFunction.TANH;

    @Option(
            names = "--dropout",
            paramLabel = "P[,P...]",
            split = ",",
            defaultValue = "0",
            description =
                    "Probability of dropping a hidden unit, the same for all hidden layers or one for each (default: ${DEFAULT-VALUE}).")
    private List<Float> dropout = List.of(0f);

    @Option(
            names = "--input-dropout",
            paramLabel = "P",
            defaultValue = "0",
            description = "Probability of dropping an input (default: ${DEFAULT-VALUE}).")
    private float inputDropout;

    @Option(
            names = "--dropout-mask",
            paramLabel = "per-example|per-batch",
            defaultValue = "per-example",
            description = "Whether each image of a batch has a mask of its own (default: ${DEFAULT-VALUE}).")
    private DropoutMask dropoutMask = DropoutMask.PER_EXAMPLE;

    @Option(names = "--batch-norm", fallbackValue = "true", description = "Normalise each hidden layer over the batch.")
    private boolean batchNorm;

    @Option(
            names = "--normalize",
            paramLabel = "none|unit|standard",
            defaultValue = "unit",
            description =
                    "none: pixels as they are, 0 to 255; unit: divided by 255; standard: mean 0 and variance 1 over"
                            + " the training images (default: ${DEFAULT-VALUE}).")
    private Normalisation normalisation = Normalisation.UNIT;

    /** How pixels become inputs. */
    public Normalisation normalisation() {
        return normalisation;
    }

    /**
     * The scaling for the training images.
     *
     * @throws DataException if they allow of none
     */
    public InputScaling scaling(Dataset training) {
        try {
            return normalisation.scaling(training);
        } catch (IllegalArgumentException e) {
            throw new DataException(e.getMessage() + ".", e);
        }
    }

    /** Refuses what cannot be, before anything is loaded. */
    public void check() {
        int layers = hidden.layers().size();
        dropout.forEach(rate -> Range.share("--dropout", rate));
        Range.share("--input-dropout", inputDropout);
        if (dropout.size() != 1 && dropout.size() != layers) {
            throw new UsageException("--dropout has " + dropout.size()
                    + " values, but must have one, or one for each of the " + layers + " hidden layers.");
        }
    }

    /** The network for images of {@code inputs} pixels. */
    public NetworkSpec spec(int inputs, int classes) {
        return new NetworkSpec(
                inputs,
                hidden.layers(inputs),
                classes,
                activation,
                new DropoutRates(inputDropout, dropout),
                dropoutMask == DropoutMask.PER_BATCH,
                batchNorm);
    }
}
