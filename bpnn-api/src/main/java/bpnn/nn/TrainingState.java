package bpnn.nn;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where a training stands between two epochs: with the network's own state, all that {@link Trainer#resume} needs to go
 * on as if nothing had happened.
 *
 * @param epochs the epochs that are done, each of them whole; of their evaluations the figures alone matter
 * @param tensors what the optimiser keeps, by names such as {@code optimizer.mean}
 */
public record TrainingState(List<EpochResult> epochs, SortedMap<String, StateTensor> tensors) {
    /** @throws IllegalArgumentException if the epochs are not numbered from 1 on */
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

    /** Steps that were taken. */
    public long steps() {
        return epochs.stream().mapToLong(EpochResult::steps).sum();
    }

    /** The tensor of that name, as long as it must be. */
    float[] values(String name, int length) {
        StateTensor tensor = tensors.get(name);
        if (tensor == null || tensor.values().length != length) {
            throw new IllegalArgumentException("The tensor " + name + " must have " + length + " values, but "
                    + (tensor == null ? "is missing" : "has " + tensor.values().length));
        }
        return tensor.values();
    }
}
