package bpnn.cpu;

import bpnn.spi.Matrix;

/**
 * A product arranged for the kernels.
 *
 * @param swapped whether {@code result} receives the transpose of the product
 */
record Product(
        int rows,
        int columns,
        int depth,
        Left left,
        Right right,
        boolean swapped,
        float alpha,
        float beta,
        Matrix result,
        Epilogue after) {

    /** Index of the element of the result that belongs to the product's row and column. */
    int resultIndex(int row, int column) {
        return result.offset() + (swapped ? column * result.cols() + row : row * result.cols() + column);
    }

    /** Applies what comes after the product to a finished block of it. */
    void finish(int row0, int row1, int column0, int column1) {
        if (swapped) {
            after.apply(column0, column1, row0, row1);
        } else {
            after.apply(row0, row1, column0, column1);
        }
    }
}
