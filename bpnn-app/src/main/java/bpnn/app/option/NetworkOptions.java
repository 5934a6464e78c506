package bpnn.app.option;

import bpnn.data.DataException;
import bpnn.data.Dataset;
import bpnn.lab.run.DropoutMask;
import bpnn.lab.run.Normalisation;
import bpnn.nn.InputScaling;
import bpnn.nn.NetworkSpec;
import bpnn.spi.Activation;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The network to be trained. */
public final class NetworkOptions {
    /** The non-linearity of hidden layers. */
    public enum HiddenActivation {
        TANH(Activation.TANH),
        RELU(Activation.RELU),
        SIGMOID(Activation.SIGMOID);

        private final Activation activation;

        HiddenActivation(Activation activation) {
            this.activation = activation;
        }

        Activation activation() {
            return activation;
        }
    }

    @Mixin
    private final HiddenOption hidden = new HiddenOption();

    @Option(
            names = "--activation",
            paramLabel = "tanh|relu|sigmoid",
            defaultValue = "tanh",
            description = "Non-linearity of the hidden layers (default: ${DEFAULT-VALUE}).")
    private HiddenActivation activation = HiddenActivation.TANH;

    @Option(
            names = "--dropout",
            paramLabel = "P",
            defaultValue = "0",
            description = "Probability of dropping a hidden unit (default: ${DEFAULT-VALUE}).")
    private float dropout;

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
        hidden.layers();
        Range.share("--dropout", dropout);
    }

    /** The network for images of {@code inputs} pixels. */
    public NetworkSpec spec(int inputs, int classes) {
        return new NetworkSpec(
                inputs,
                hidden.layers(inputs),
                classes,
                activation.activation(),
                dropout,
                dropoutMask == DropoutMask.PER_BATCH,
                batchNorm);
    }
}
