package bpnn.nn;

import bpnn.spi.DropoutSpec;
import bpnn.tensor.Ops;
import bpnn.tensor.Tensor;
import bpnn.tensor.TensorScope;

/**
 * Inverted dropout after the activation of a layer: in training a unit is zeroed with the given probability or scaled
 * up; in evaluation nothing happens. The kernels of the layer generate and apply the mask; this class holds it.
 */
public final class Dropout {
    private final DropoutSpec spec;
    private final Tensor clock;
    private final Tensor masks;
    private final Tensor outputs;
    private Tensor mask;

    /** @param clock the step counters that select the mask */
    Dropout(TensorScope scope, int features, DropoutSpec spec, Tensor clock, int capacity) {
        this.spec = spec;
        this.clock = clock;
        this.masks = scope.zeros(capacity, features);
        this.outputs = scope.zeros(capacity, features);
        this.mask = masks;
    }

    /** Dropout of {@code x} [batch, features] with a new mask. */
    Tensor apply(Ops ops, Tensor x) {
        Tensor dropped = output(x.rows());
        ops.layers().dropout(x, spec, clock, newMask(x.rows()), dropped);
        return dropped;
    }

    DropoutSpec spec() {
        return spec;
    }

    Tensor clock() {
        return clock;
    }

    /** The mask of the last training pass, [batch, features]: 0 or 1 / (1 - rate). */
    public Tensor mask() {
        return mask;
    }

    /** The mask tensor for a batch, which {@link #mask} returns from now on. */
    Tensor newMask(int batch) {
        mask = masks.firstRows(batch);
        return mask;
    }

    /** The output tensor for a batch. */
    Tensor output(int batch) {
        return outputs.firstRows(batch);
    }
}
