package bpnn.spi;

/**
 * A contiguous row-major matrix inside a buffer: element (i, j) is element {@code offset + i * cols + j} of the buffer.
 *
 * @param buffer the memory
 * @param offset buffer index of the first element
 * @param rows number of rows, may be 0
 * @param cols number of columns, may be 0
 */
public record Matrix(Buffer buffer, int offset, int rows, int cols) {
    /** Number of elements. */
    public int size() {
        return rows * cols;
    }

    /** A view of the elements, or of the first ones, with another shape. */
    public Matrix as(int newRows, int newCols) {
        return new Matrix(buffer, offset, newRows, newCols);
    }
}
