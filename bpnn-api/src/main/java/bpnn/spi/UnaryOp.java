package bpnn.spi;

/**
 * Functions of one float, for {@link Kernels#map}. Their float32 definition is {@link Reference#apply(UnaryOp, float)};
 * those of {@link ExactMath} are the project's own polynomials, the rest is IEEE 754 arithmetic.
 */
public enum UnaryOp {
    /** x itself. */
    COPY,
    /** {@link ExactMath#exp}. */
    EXP,
    /** {@link ExactMath#log}. */
    LOG,
    /** The correctly rounded square root; NaN below -0. */
    SQRT,
    /** {@link ExactMath#tanh}. */
    TANH,
    /** {@link ExactMath#sigmoid}. */
    SIGMOID,
    /** max(x, +0) as {@link Math#max(float, float)}: NaN stays NaN, -0 becomes +0. */
    RELU
}
