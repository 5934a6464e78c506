package bpnn.nn;

import bpnn.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** A layer with its activation and dropout. It keeps from the last forward pass what its backward pass needs. */
public sealed interface Layer permits Dense, BatchNorm, SelfGated {
    /** Its name, such as {@code fc1}. */
    String name();

    /** Output features. */
    int outputs();

    /**
     * @param x [batch, inputs]
     * @return [batch, outputs], valid until the next forward pass
     */
    Tensor forward(Tensor x, Mode mode);

    /**
     * Computes the gradients of the parameters and, on request, of the input.
     *
     * @param dy gradient of the loss with respect to the output, [batch, outputs]; may be overwritten
     * @param inputGradient whether to compute the gradient with respect to the input
     * @return gradient with respect to the input, [batch, inputs]; null if not requested
     */
    @Nullable
    Tensor backward(Tensor dy, boolean inputGradient);
}
