package bpnn.spi;

/** Functions of two floats, for {@link Kernels#zip}: one IEEE 754 operation each, never contracted. */
public enum BinaryOp {
    /** a + b. */
    ADD,
    /** a - b. */
    SUBTRACT,
    /** a * b. */
    MULTIPLY,
    /** a / b, correctly rounded. */
    DIVIDE,
    /** 1 where a > b, else +0; +0 for NaN. */
    GREATER,
    /** 1 where a == b, else +0; +0 for NaN, and -0 equals +0. */
    EQUAL
}
