package bpnn.spi;

/**
 * The activation function of a layer. Its derivative is expressed in terms of its output, so the input need not be
 * kept.
 */
public enum Activation {
    /** y = x. */
    IDENTITY(UnaryOp.COPY),
    /** y = tanh x; dy/dx = 1 - y². */
    TANH(UnaryOp.TANH),
    /** y = 1 / (1 + exp(-x)); dy/dx = y (1 - y). */
    SIGMOID(UnaryOp.SIGMOID),
    /** y = max(x, 0); dy/dx = 1 where y > 0, else 0. */
    RELU(UnaryOp.RELU);

    private final UnaryOp op;

    Activation(UnaryOp op) {
        this.op = op;
    }

    /** The function itself. */
    public UnaryOp op() {
        return op;
    }
}
