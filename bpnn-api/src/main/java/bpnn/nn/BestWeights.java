package bpnn.nn;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Early stopping: keeps the weights of the epoch with the smallest validation loss, and knows when to give up. */
final class BestWeights {
    private static final String PREFIX = "best.";

    private final int patience;
    private SortedMap<String, StateTensor> weights = Collections.emptySortedMap();
    private double smallest = Double.POSITIVE_INFINITY;
    private int epoch;

    /** @param patience epochs without a new best that end training; 0 to keep nothing */
    BestWeights(int patience) {
        this.patience = patience;
    }

    /** Looks at an epoch that has just ended. */
    void observe(EpochResult result, Network network) {
        if (patience > 0 && isBest(result)) {
            weights = network.state();
        }
    }

    private boolean isBest(EpochResult result) {
        Evaluation validation = result.validation();
        if (validation == null || !(validation.loss() < smallest)) {
            return false;
        }
        smallest = validation.loss();
        epoch = result.epoch();
        return true;
    }

    /** Whether the last epoch was one too many. */
    boolean isExhausted(int lastEpoch) {
        return patience > 0 && lastEpoch - epoch >= patience;
    }

    /** Gives the best weights back, if there are any; returns the epoch that the network's weights are of. */
    int restore(Network network, int lastEpoch) {
        if (weights.isEmpty()) {
            return lastEpoch;
        }
        network.load(weights);
        return epoch;
    }

    /** Adds what {@link #resume} needs. */
    void save(SortedMap<String, StateTensor> tensors) {
        weights.forEach((name, tensor) -> tensors.put(PREFIX + name, tensor));
    }

    /** Goes back to where another training stood. */
    void resume(TrainingState state) {
        smallest = Double.POSITIVE_INFINITY;
        epoch = 0;
        List<EpochResult> epochs = patience > 0 ? state.epochs() : List.of();
        epochs.forEach(this::isBest);
        SortedMap<String, StateTensor> found = new TreeMap<>();
        state.tensors().forEach((name, tensor) -> {
            if (name.startsWith(PREFIX)) {
                found.put(name.substring(PREFIX.length()), tensor);
            }
        });
        weights = found;
    }
}
