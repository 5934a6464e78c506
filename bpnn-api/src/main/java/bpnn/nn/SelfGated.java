package bpnn.nn;

import bpnn.spi.BinaryOp;
import bpnn.spi.UnaryOp;
import bpnn.tensor.Ops;
import bpnn.tensor.Tensor;
import bpnn.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

/**
 * An activation of the form y = x g(x) with its dropout, composed of primitives: the same bits on every exact backend. Its
 * derivative needs x, which the kernels of a layer do not keep.
 *
 * <p>The gates: leaky ReLU g = fma(0.99, [x > 0], 0.01), dy/dx = g; SiLU g = σ(x), dy/dx = g + x g (1 - g); GELU g = σ(x (k + l
 * x²)), dy/dx = g + x g (1 - g) (k + 3 l x²), k = 2 √(2/π), l = 0.044715 k.
 */
final class SelfGated implements Layer {
    private final Ops ops;
    private final String name;
    private final ActivationFunction function;
    private final @Nullable Dropout dropout;
    private final Tensor gates;
    private final Tensor slopes;
    private final Tensor squares;
    private final Tensor outputs;
    private final Tensor zero;
    private Tensor x;

    /**
     * @param dropout applied after the activation; null for none
     * @param capacity maximum batch size
     */
    SelfGated(
            Ops ops,
            TensorScope scope,
            String name,
            ActivationFunction function,
            int features,
            @Nullable Dropout dropout,
            int capacity) {
        this.ops = ops;
        this.name = name;
        this.function = function;
        this.dropout = dropout;
        this.gates = scope.zeros(capacity, features);
        this.slopes = scope.zeros(capacity, features);
        this.squares = scope.zeros(function == ActivationFunction.GELU ? capacity : 0, features);
        this.outputs = scope.zeros(capacity, features);
        this.zero = scope.zeros(1, 1);
        this.x = outputs;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int outputs() {
        return outputs.cols();
    }

    @Override
    public Tensor forward(Tensor input, Mode mode) {
        x = input;
        Tensor gate = gates.firstRows(x.rows());
        Tensor y = outputs.firstRows(x.rows());
        switch (function) {
            case LEAKY_RELU -> {
                // The mask lies where the output will be, which it is not needed for any more then.
                ops.zip(BinaryOp.GREATER, x, zero, y);
                ops.fill(gate, ActivationFunction.SLOPE);
                ops.axpby(Math.fma(-1, ActivationFunction.SLOPE, 1), y, 1, gate);
            }
            case SILU -> ops.map(UnaryOp.SIGMOID, x, gate);
            default -> {
                polynomial(ActivationFunction.GELU_CUBIC, gate);
                ops.zip(BinaryOp.MULTIPLY, gate, x, gate);
                ops.map(UnaryOp.SIGMOID, gate, gate);
            }
        }
        ops.zip(BinaryOp.MULTIPLY, x, gate, y);
        return mode == Mode.TRAIN && dropout != null ? dropout.apply(ops, y) : y;
    }

    /** p = fma(cubic, x · x, 2 √(2/π)). */
    private void polynomial(float cubic, Tensor p) {
        Tensor square = squares.firstRows(x.rows());
        ops.zip(BinaryOp.MULTIPLY, x, x, square);
        ops.fill(p, ActivationFunction.GELU_LINEAR);
        ops.axpby(cubic, square, 1, p);
    }

    @Override
    public Tensor backward(Tensor dy, boolean inputGradient) {
        if (dropout != null) {
            ops.layers().dropoutBackward(dy, dropout.mask(), dy);
        }
        Tensor gate = gates.firstRows(x.rows());
        if (function == ActivationFunction.LEAKY_RELU) {
            ops.zip(BinaryOp.MULTIPLY, dy, gate, dy);
            return dy;
        }
        Tensor slope = slopes.firstRows(x.rows());
        // The output is not needed any more.
        Tensor product = outputs.firstRows(x.rows());
        ops.zip(BinaryOp.MULTIPLY, product, complement(gate, slope), product);
        if (function == ActivationFunction.GELU) {
            polynomial(3 * ActivationFunction.GELU_CUBIC, slope);
            ops.zip(BinaryOp.MULTIPLY, product, slope, product);
        }
        ops.zip(BinaryOp.ADD, product, gate, product);
        ops.zip(BinaryOp.MULTIPLY, dy, product, dy);
        return dy;
    }

    /** 1 - g. */
    private Tensor complement(Tensor gate, Tensor result) {
        ops.fill(result, 1);
        ops.axpby(-1, gate, 1, result);
        return result;
    }
}
