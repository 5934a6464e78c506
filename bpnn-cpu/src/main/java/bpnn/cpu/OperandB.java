package bpnn.cpu;

/**
 * Operand B of a GEMM: row-major with leading dimension {@code stride}; or, if {@code packed}, consecutive panels of
 * {@code stride} columns, each row-major, the last one padded with arbitrary values.
 */
record OperandB(float[] values, int start, int stride, boolean packed) {}
