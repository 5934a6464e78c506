package bpnn.cpu;

/**
 * Operand A of a GEMM, row-major or column-major.
 *
 * @param start index of element (0, 0)
 * @param stride leading dimension: distance of two rows, or of two columns if {@code columnMajor}
 */
record OperandA(float[] values, int start, int stride, boolean columnMajor) {
    /** Index of element (row, k). */
    int index(int row, int k) {
        return columnMajor ? start + k * stride + row : start + row * stride + k;
    }
}
