package bpnn.nn;

import bpnn.tensor.Tensor;
import java.util.List;

/** A copy of a network's whole state on the host that can be renewed again and again and allocates nothing then. */
final class WeightsCopy {
    private final List<Tensor> tensors;
    private final List<float[]> values;

    /** Copies the state as it is. */
    WeightsCopy(Network network) {
        tensors = network.blocks();
        values = tensors.stream().map(Tensor::toArray).toList();
    }

    /** Copies the state as it is now. */
    void renew() {
        for (int i = 0; i < values.size(); i++) {
            tensors.get(i).get(values.get(i));
        }
    }

    /** Gives the network the state that was copied. */
    void restore() {
        for (int i = 0; i < values.size(); i++) {
            tensors.get(i).set(values.get(i));
        }
    }
}
