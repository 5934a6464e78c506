package bpnn.nn;

import bpnn.spi.Activation;
import java.util.List;

/**
 * The architecture of a multi-layer perceptron. A hidden layer is Dense, BatchNorm (optional), activation, Dropout
 * (optional); the last Dense gives the logits. A Dense followed by BatchNorm has no bias, because β replaces it.
 *
 * @param inputs input features
 * @param hidden units per hidden layer, from first to last; may be empty
 * @param classes number of classes
 * @param activation of the hidden layers
 * @param dropout probabilities of dropping a unit
 * @param dropoutPerBatch one mask for the whole batch instead of one per example
 * @param batchNorm whether hidden layers use batch normalisation
 */
public record NetworkSpec(
        int inputs,
        List<Integer> hidden,
        int classes,
        ActivationFunction activation,
        DropoutRates dropout,
        boolean dropoutPerBatch,
        boolean batchNorm) {

    /** @throws IllegalArgumentException if a layer has no units or the rate is not in [0, 1) */
    public NetworkSpec {
        hidden = List.copyOf(hidden);
        if (inputs < 1 || classes < 1 || hidden.stream().anyMatch(units -> units < 1)) {
            throw new IllegalArgumentException(
                    "Every layer needs at least 1 unit, but the network is " + inputs + "-" + hidden + "-" + classes);
        }
        if (dropout.hidden().size() > 1 && dropout.hidden().size() != hidden.size()) {
            throw new IllegalArgumentException("There must be one dropout rate or one for each of the " + hidden.size()
                    + " hidden layers, but there are " + dropout.hidden().size());
        }
    }

    /** With an activation that kernels know, and the same dropout rate for all hidden layers. */
    public NetworkSpec(
            int inputs,
            List<Integer> hidden,
            int classes,
            Activation activation,
            float dropout,
            boolean dropoutPerBatch,
            boolean batchNorm) {
        this(
                inputs,
                hidden,
                classes,
                ActivationFunction.of(activation),
                DropoutRates.of(dropout),
                dropoutPerBatch,
                batchNorm);
    }

    /** The plain network of the article: tanh, neither dropout nor batch normalisation. */
    public static NetworkSpec plain(int inputs, List<Integer> hidden, int classes) {
        return new NetworkSpec(inputs, hidden, classes, Activation.TANH, 0, false, false);
    }
}
