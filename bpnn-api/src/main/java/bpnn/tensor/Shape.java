package bpnn.tensor;

/**
 * The shape of a matrix.
 *
 * @param rows number of rows, not negative
 * @param cols number of columns, not negative
 */
public record Shape(int rows, int cols) {
    /** @throws IllegalArgumentException if a dimension is negative or there are 2³¹ elements or more */
    public Shape {
        if (rows < 0 || cols < 0 || (long) rows * cols > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "A matrix needs dimensions of at least 0 and fewer than 2^31 elements, but [" + rows + ", " + cols
                            + "] was asked for");
        }
    }

    /** Number of elements. */
    public int size() {
        return rows * cols;
    }

    @Override
    public String toString() {
        return "[" + rows + ", " + cols + "]";
    }
}
