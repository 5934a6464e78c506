package bpnn.cpu;

/**
 * The left operand of a product, stored in either order.
 *
 * @param start index of the element in row 0 at depth 0
 * @param stride distance of two rows, or if {@code depthMajor} of two depths; the other distance is 1
 */
record Left(float[] values, int start, int stride, boolean depthMajor) {
    /** Index of the element in row {@code row} at depth {@code depth}. */
    int index(int row, int depth) {
        return depthMajor ? start + depth * stride + row : start + row * stride + depth;
    }
}
