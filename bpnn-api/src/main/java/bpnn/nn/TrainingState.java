package bpnn.nn;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The state of a training between two steps: together with the state of the network, all that {@link Trainer#resume}
 * needs for a bit-identical continuation.
 *
 * @param epochs the finished epochs, all complete; of their evaluations only the figures matter
 * @param tensors optimiser state, with names such as {@code optimizer.mean}
 * @param stepsIntoEpoch steps of the next epoch that are done already
 */
public record TrainingState(List<EpochResult> epochs, SortedMap<String, StateTensor> tensors, int stepsIntoEpoch) {
    /** @throws IllegalArgumentException if the epochs are not numbered consecutively from 1 */
    public TrainingState {
        epochs = List.copyOf(epochs);
        tensors = Collections.unmodifiableSortedMap(new TreeMap<>(tensors));
        for (int i = 0; i < epochs.size(); i++) {
            if (epochs.get(i).epoch() != i + 1) {
                throw new IllegalArgumentException("Epoch " + (i + 1) + " of the training's history is numbered "
                        + epochs.get(i).epoch());
            }
        }
    }

    /** Between two epochs. */
    public TrainingState(List<EpochResult> epochs, SortedMap<String, StateTensor> tensors) {
        this(epochs, tensors, 0);
    }

    /** Number of steps taken. */
    public long steps() {
        return epochs.stream().mapToLong(EpochResult::steps).sum() + stepsIntoEpoch;
    }

    /** The values of a tensor, checked for their length. */
    float[] values(String name, int length) {
        StateTensor tensor = tensors.get(name);
        if (tensor == null || tensor.values().length != length) {
            throw new IllegalArgumentException("The tensor " + name + " must have " + length + " values, but "
                    + (tensor == null ? "is missing" : "has " + tensor.values().length));
        }
        return tensor.values();
    }
}
