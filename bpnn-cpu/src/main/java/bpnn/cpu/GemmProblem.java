package bpnn.cpu;

import bpnn.spi.Matrix;

/**
 * A GEMM as the micro-kernels compute it: C = alpha A B + beta C, where A and B are the caller's operands or, if
 * {@code transposed}, those of Cᵀ = op(B)ᵀ op(A)ᵀ.
 *
 * @param m rows of the product
 * @param n columns of the product
 * @param k inner dimension
 * @param transposed whether {@code c} receives the transpose of the product
 * @param epilogue applied to each finished block
 */
record GemmProblem(
        int m,
        int n,
        int k,
        OperandA a,
        OperandB b,
        boolean transposed,
        float alpha,
        float beta,
        Matrix c,
        Epilogue epilogue) {

    /** Index in {@code c} of the product's element (row, column). */
    int indexOfC(int row, int column) {
        return c.offset() + (transposed ? column * c.cols() + row : row * c.cols() + column);
    }

    /** Applies the epilogue to a finished block of the product. */
    void finish(int row0, int row1, int column0, int column1) {
        if (transposed) {
            epilogue.apply(column0, column1, row0, row1);
        } else {
            epilogue.apply(row0, row1, column0, column1);
        }
    }
}
