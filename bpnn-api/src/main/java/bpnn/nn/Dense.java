package bpnn.nn;

import bpnn.spi.Activation;
import bpnn.tensor.Ops;
import bpnn.tensor.Tensor;
import bpnn.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

/** A fully connected layer with its activation and dropout: y = dropout(activation(x W + b)). */
public final class Dense implements Layer {
    private final Ops ops;
    private final String name;
    private final Parameter weight;
    private final @Nullable Parameter bias;
    private final Activation activation;
    private final @Nullable Dropout dropout;
    private final Tensor output;
    private final Tensor inputGradient;
    private Tensor x;
    private Tensor y;

    /**
     * @param weight [in, out]
     * @param bias [1, out]; null for none
     * @param dropout applied after the activation; null for none
     * @param capacity maximum batch size
     */
    Dense(
            Ops ops,
            TensorScope scope,
            String name,
            Parameter weight,
            @Nullable Parameter bias,
            Activation activation,
            @Nullable Dropout dropout,
            int capacity) {
        this.ops = ops;
        this.name = name;
        this.weight = weight;
        this.bias = bias;
        this.activation = activation;
        this.dropout = dropout;
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
        Tensor biasValue = bias == null ? null : bias.value();
        if (dropout == null || mode == Mode.EVALUATE) {
            ops.layers().denseForward(x, weight.value(), biasValue, activation, y);
            return y;
        }
        Tensor mask = dropout.newMask(input.rows());
        Tensor dropped = dropout.output(input.rows());
        ops.layers()
                .denseDropoutForward(
                        x, weight.value(), biasValue, activation, dropout.spec(), dropout.clock(), mask, y, dropped);
        return dropped;
    }

    @Override
    public @Nullable Tensor backward(Tensor dy, boolean needsInputGradient) {
        Tensor dx = needsInputGradient ? inputGradient.firstRows(dy.rows()) : null;
        Tensor dbias = bias == null ? null : bias.gradient();
        if (activation == Activation.IDENTITY && dropout == null) {
            ops.layers().denseBackward(x, weight.value(), dy, weight.gradient(), dbias, dx);
        } else {
            Tensor mask = dropout == null ? null : dropout.mask();
            ops.layers()
                    .denseLayerBackward(x, weight.value(), activation, y, mask, dy, dy, weight.gradient(), dbias, dx);
        }
        return dx;
    }
}
