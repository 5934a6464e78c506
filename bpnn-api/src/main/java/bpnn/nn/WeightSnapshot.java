package bpnn.nn;

import bpnn.tensor.Tensor;
import java.util.List;

/** A copy of the model state on the host, in arrays that are reused. */
final class WeightSnapshot {
    private final List<Tensor> tensors;
    private final List<float[]> values;

    /** Copies the current state. */
    WeightSnapshot(Network network) {
        tensors = network.blocks();
        values = tensors.stream().map(Tensor::toArray).toList();
    }

    /** Copies the current state again. */
    void capture() {
        for (int i = 0; i < values.size(); i++) {
            tensors.get(i).get(values.get(i));
        }
    }

    /** Copies the state back to the network. */
    void restore() {
        for (int i = 0; i < values.size(); i++) {
            tensors.get(i).set(values.get(i));
        }
    }
}
