package bpnn.nn;

import bpnn.spi.DropoutSpec;
import bpnn.tensor.Ops;
import bpnn.tensor.Tensor;
import bpnn.tensor.TensorScope;

/** Inverted dropout: in training a unit is zeroed with the given probability, or scaled up; in evaluation nothing is. */
public final class Dropout implements Layer {
    private final Ops ops;
    private final String name;
    private final DropoutSpec spec;
    private final Tensor clock;
    private final Tensor masks;
    private final Tensor output;
    private Tensor mask;

    /** @param clock the counters that choose the mask */
    Dropout(Ops ops, TensorScope scope, String name, int features, DropoutSpec spec, Tensor clock, int capacity) {
        this.ops = ops;
        this.name = name;
        this.spec = spec;
        this.clock = clock;
        this.masks = scope.zeros(capacity, features);
        this.output = scope.zeros(capacity, features);
        this.mask = masks;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int outputs() {
        return masks.cols();
    }

    /** What the last training pass multiplied with, [batch, features]: 0 or 1 / (1 - rate). */
    public Tensor mask() {
        return mask;
    }

    @Override
    public Tensor forward(Tensor x, Mode mode) {
        if (mode == Mode.EVALUATE) {
            return x;
        }
        mask = masks.firstRows(x.rows());
        Tensor y = output.firstRows(x.rows());
        ops.dropout(x, spec, clock, mask, y);
        return y;
    }

    @Override
    public Tensor backward(Tensor dy, boolean wanted) {
        ops.dropoutBackward(dy, mask, dy);
        return dy;
    }
}
