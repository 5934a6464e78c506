package bpnn.nn;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Early stopping: keeps the weights of the epoch with the lowest validation loss and detects when the patience is
 * exhausted.
 */
final class EarlyStopping {
    private static final String PREFIX = "best.";

    private final int patience;
    private SortedMap<String, StateTensor> weights = Collections.emptySortedMap();
    private double lowestLoss = Double.POSITIVE_INFINITY;
    private int epoch;

    /** @param patience epochs without improvement after which training stops; 0 to disable */
    EarlyStopping(int patience) {
        this.patience = patience;
    }

    /** Records a finished epoch. */
    void observe(EpochResult result, Network network) {
        if (patience > 0 && isBest(result)) {
            weights = network.state();
        }
    }

    private boolean isBest(EpochResult result) {
        Evaluation validation = result.validation();
        if (validation == null || !(validation.loss() < lowestLoss)) {
            return false;
        }
        lowestLoss = validation.loss();
        epoch = result.epoch();
        return true;
    }

    /** Whether {@code patience} epochs have passed without improvement. */
    boolean isPatienceExhausted(int lastEpoch) {
        return patience > 0 && lastEpoch - epoch >= patience;
    }

    /** Restores the best weights, if any, and returns the epoch the network's weights now come from. */
    int restore(Network network, int lastEpoch) {
        if (weights.isEmpty()) {
            return lastEpoch;
        }
        network.load(weights);
        return epoch;
    }

    /** Adds the tensors that {@link #resume} needs. */
    void save(SortedMap<String, StateTensor> tensors) {
        weights.forEach((name, tensor) -> tensors.put(PREFIX + name, tensor));
    }

    /** Restores the state of another training. */
    void resume(TrainingState state) {
        lowestLoss = Double.POSITIVE_INFINITY;
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
