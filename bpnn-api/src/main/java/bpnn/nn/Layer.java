package bpnn.nn;

import bpnn.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** A step of the network, with the activation and dropout behind it. It keeps what its backward pass needs from the last forward pass. */
public sealed interface Layer permits Dense, BatchNorm {
    /** Its name, such as {@code fc1}. */
    String name();

    /** Values of an example behind it. */
    int outputs();

    /**
     * @param x [batch, inputs]
     * @return [batch, outputs], valid until the next forward pass
     */
    Tensor forward(Tensor x, Mode mode);

    /**
     * Computes the gradients of its parameters and of its input.
     *
     * @param dy the gradient of the loss by its output, [batch, outputs]; may be overwritten
     * @param inputGradient whether the gradient by the input is wanted
     * @return the gradient by the input, [batch, inputs]; null where it is not wanted
     */
    @Nullable
    Tensor backward(Tensor dy, boolean inputGradient);
}
