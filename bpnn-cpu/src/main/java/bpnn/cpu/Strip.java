package bpnn.cpu;

/** Some columns of a product's right operand: depth {@code k}, column {@code j} at {@code start + k stride + j}. */
record Strip(float[] values, int start, int stride) {}
