package bpnn.nn;

import bpnn.spi.DropoutSpec;
import bpnn.tensor.Tensor;
import bpnn.tensor.TensorScope;

/**
 * Inverted dropout behind the activation of a layer: in training a unit is zeroed with the given probability, or scaled up;
 * in evaluation nothing is. The layer's own kernels draw and apply the mask; this holds it.
 */
public final class Dropout {
    private final DropoutSpec spec;
    private final Tensor clock;
    private final Tensor masks;
    private final Tensor outputs;
    private Tensor mask;

    /** @param clock the counters that choose the mask */
    Dropout(TensorScope scope, int features, DropoutSpec spec, Tensor clock, int capacity) {
        this.spec = spec;
        this.clock = clock;
        this.masks = scope.zeros(capacity, features);
        this.outputs = scope.zeros(capacity, features);
        this.mask = masks;
    }

    DropoutSpec spec() {
        return spec;
    }

    Tensor clock() {
        return clock;
    }

    /** What the last training pass multiplied with, [batch, features]: 0 or 1 / (1 - rate). */
    public Tensor mask() {
        return mask;
    }

    /** Room for the mask of a batch, which {@link #mask} is from then on. */
    Tensor newMask(int batch) {
        mask = masks.firstRows(batch);
        return mask;
    }

    /** Room for the output of a batch. */
    Tensor output(int batch) {
        return outputs.firstRows(batch);
    }
}
