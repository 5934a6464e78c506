package bpnn.app.option;

import bpnn.data.DataException;
import bpnn.data.Dataset;
import bpnn.nn.InputScaling;
import bpnn.nn.NetworkSpec;
import bpnn.spi.Activation;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The network to be trained. */
public final class NetworkOptions {
    private static final int MAX_UNITS = 65_536;
    private static final int MAX_LAYERS = 64;

    /** The non-linearity of hidden layers. */
    public enum HiddenActivation {
        TANH(Activation.TANH),
        RELU(Activation.RELU),
        SIGMOID(Activation.SIGMOID);

        private final Activation activation;

        HiddenActivation(Activation activation) {
            this.activation = activation;
        }
    }

    /** What shares a dropout mask. */
    public enum DropoutMask {
        PER_EXAMPLE,
        PER_BATCH
    }

    /** How pixels become inputs. */
    public enum Normalisation {
        NONE,
        UNIT,
        STANDARD;

        /** The scaling, with statistics of the training images where it needs them. */
        public InputScaling scaling(Dataset training) {
            return switch (this) {
                case NONE -> InputScaling.none();
                case UNIT -> InputScaling.unit();
                case STANDARD -> InputScaling.standard(training);
            };
        }
    }

    @Option(
            names = "--hidden",
            paramLabel = "N,N,...",
            defaultValue = "512,512",
            description = "Units of each hidden layer, or none (default: ${DEFAULT-VALUE}).")
    private String hidden = "";

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
        hiddenLayers();
        Range.share("--dropout", dropout);
    }

    /** The network for images of {@code inputs} pixels. */
    public NetworkSpec spec(int inputs, int classes) {
        List<Integer> layers = hiddenLayers();
        int before = inputs;
        for (int units : layers) {
            if ((long) before * units > Integer.MAX_VALUE) {
                throw new UsageException("--hidden is \"" + hidden + "\", but a layer of " + before + " x " + units
                        + " weights is too large; at most " + Integer.MAX_VALUE + " are possible.");
            }
            before = units;
        }
        return new NetworkSpec(
                inputs,
                layers,
                classes,
                activation.activation,
                dropout,
                dropoutMask == DropoutMask.PER_BATCH,
                batchNorm);
    }

    private List<Integer> hiddenLayers() {
        List<Integer> layers = new ArrayList<>();
        if (hidden.equals("none")) {
            return layers;
        }
        for (String units : hidden.split(",", -1)) {
            if (!units.strip().matches("[0-9]{1,6}")) {
                throw impossibleHidden();
            }
            layers.add(Integer.valueOf(units.strip()));
        }
        if (layers.size() > MAX_LAYERS || layers.stream().anyMatch(units -> units < 1 || units > MAX_UNITS)) {
            throw impossibleHidden();
        }
        return layers;
    }

    private UsageException impossibleHidden() {
        return new UsageException("--hidden is \"" + hidden + "\", but must list at most " + MAX_LAYERS
                + " layers of 1 to " + MAX_UNITS + " units each, such as 512,512, or be none.");
    }
}
