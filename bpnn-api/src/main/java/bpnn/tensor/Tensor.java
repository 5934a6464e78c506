package bpnn.tensor;

import bpnn.spi.ElementType;
import bpnn.spi.Matrix;

/**
 * A handle to a row-major matrix in backend memory. The {@link TensorScope} that created it owns the memory; views
 * share it. Float32 unless stated otherwise.
 */
public final class Tensor {
    private final TensorScope scope;
    private final Shape shape;
    private final Matrix matrix;

    Tensor(TensorScope scope, Shape shape, Matrix matrix) {
        this.scope = scope;
        this.shape = shape;
        this.matrix = matrix;
    }

    public Shape shape() {
        return shape;
    }

    public int rows() {
        return shape.rows();
    }

    public int cols() {
        return shape.cols();
    }

    public ElementType type() {
        return matrix.buffer().type();
    }

    TensorScope scope() {
        return scope;
    }

    Matrix matrix() {
        return matrix;
    }

    /** The first {@code rows} rows, sharing the memory. */
    public Tensor firstRows(int rows) {
        return rows == rows() ? this : view(0, new Shape(rows, cols()));
    }

    /**
     * A matrix of another shape over the elements from {@code start} on, sharing the memory.
     *
     * @throws IllegalArgumentException if it does not fit
     */
    public Tensor view(int start, Shape other) {
        if (start < 0 || (long) start + other.size() > shape.size()) {
            throw new IllegalArgumentException("A view " + other + " from element " + start + " does not fit into "
                    + shape + " with its " + shape.size() + " elements");
        }
        return new Tensor(
                scope, other, new Matrix(matrix.buffer(), matrix.offset() + start, other.rows(), other.cols()));
    }

    /** Overwrites all elements, row-major. */
    public void set(float[] values) {
        checkTransfer(ElementType.FLOAT32, values.length);
        matrix.buffer().upload(matrix.offset(), values, 0, values.length);
    }

    /** Overwrites all elements of an {@link ElementType#INT32} tensor, row-major. */
    public void set(int[] values) {
        checkTransfer(ElementType.INT32, values.length);
        matrix.buffer().upload(matrix.offset(), values, 0, values.length);
    }

    /** Overwrites all elements of an {@link ElementType#UINT8} tensor, row-major. */
    public void set(byte[] values) {
        checkTransfer(ElementType.UINT8, values.length);
        matrix.buffer().upload(matrix.offset(), values, 0, values.length);
    }

    /** Overwrites all elements of an {@link ElementType#UINT8} tensor, row-major, by {@code values[from ..]}. */
    public void set(byte[] values, int from) {
        int count = shape.size();
        checkTransfer(ElementType.UINT8, Math.min(count, values.length - from));
        matrix.buffer().upload(matrix.offset(), values, from, count);
    }

    /** A copy of all elements, row-major. */
    public float[] toArray() {
        float[] values = new float[shape.size()];
        get(values);
        return values;
    }

    /** Copies all elements, row-major, into {@code target}, which has the same length. */
    public void get(float[] target) {
        checkTransfer(ElementType.FLOAT32, target.length);
        matrix.buffer().download(matrix.offset(), target, 0, target.length);
    }

    /** Copies all elements of an {@link ElementType#INT32} tensor, row-major, into {@code target}. */
    public void get(int[] target) {
        checkTransfer(ElementType.INT32, target.length);
        matrix.buffer().download(matrix.offset(), target, 0, target.length);
    }

    private void checkTransfer(ElementType expected, int length) {
        scope.checkOpen();
        if (type() != expected) {
            throw new IllegalArgumentException(
                    "A " + expected + " array was given for a tensor of " + type() + " elements");
        }
        if (length != shape.size()) {
            throw new IllegalArgumentException(
                    "A tensor " + shape + " holds " + shape.size() + " elements, but the array has " + length);
        }
    }
}
