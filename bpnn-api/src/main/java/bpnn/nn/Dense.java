package bpnn.nn;

import bpnn.spi.Activation;
import bpnn.tensor.Ops;
import bpnn.tensor.Tensor;
import bpnn.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

/** A fully connected layer with its activation: y = activation(x W + b). */
public final class Dense implements Layer {
    private final Ops ops;
    private final String name;
    private final Parameter weight;
    private final @Nullable Parameter bias;
    private final Activation activation;
    private final Tensor output;
    private final Tensor inputGradient;
    private Tensor x;
    private Tensor y;

    /**
     * @param weight [in, out]
     * @param bias [1, out]; null for none
     * @param capacity the largest batch
     */
    Dense(
            Ops ops,
            TensorScope scope,
            String name,
            Parameter weight,
            @Nullable Parameter bias,
            Activation activation,
            int capacity) {
        this.ops = ops;
        this.name = name;
        this.weight = weight;
        this.bias = bias;
        this.activation = activation;
        this.output = scope.zeros(capacity, weight.value().cols());
        this.inputGradient = scope.zeros(capacity, weight.value().rows());
        this.x = inputGradient;
        this.y = output;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int outputs() {
        return weight.value().cols();
    }

    @Override
    public Tensor forward(Tensor input, Mode mode) {
        x = input;
        y = output.firstRows(input.rows());
        ops.denseForward(x, weight.value(), bias == null ? null : bias.value(), activation, y);
        return y;
    }

    @Override
    public @Nullable Tensor backward(Tensor dy, boolean wanted) {
        if (activation != Activation.IDENTITY) {
            ops.activationBackward(activation, y, dy, dy);
        }
        Tensor dx = wanted ? inputGradient.firstRows(dy.rows()) : null;
        ops.denseBackward(x, weight.value(), dy, weight.gradient(), bias == null ? null : bias.gradient(), dx);
        return dx;
    }
}
