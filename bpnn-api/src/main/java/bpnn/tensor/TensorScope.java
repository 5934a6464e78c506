package bpnn.tensor;

import bpnn.spi.Backend;
import bpnn.spi.Buffer;
import bpnn.spi.ElementType;
import bpnn.spi.Matrix;
import java.util.ArrayList;
import java.util.List;

/**
 * The sole owner of the tensors that it makes: closing it gives their memory back, and a tensor is not used after that.
 * One thread at a time.
 */
public final class TensorScope implements AutoCloseable {
    private final Backend backend;
    private final List<Buffer> buffers = new ArrayList<>();
    private boolean closed;

    /** A scope on the memory of {@code backend}, which must outlive it. */
    public TensorScope(Backend backend) {
        this.backend = backend;
    }

    /** A float32 matrix of zeros. */
    public Tensor zeros(int rows, int cols) {
        return zeros(ElementType.FLOAT32, rows, cols);
    }

    /** A matrix of zeros. */
    public Tensor zeros(ElementType type, int rows, int cols) {
        checkOpen();
        Shape shape = new Shape(rows, cols);
        int lead = backend.lead(type);
        Buffer buffer = backend.allocate(type, lead + shape.size());
        buffers.add(buffer);
        return new Tensor(this, shape, new Matrix(buffer, lead, rows, cols));
    }

    /** A float32 matrix with the given elements, row by row. */
    public Tensor of(int rows, int cols, float... values) {
        Tensor tensor = zeros(rows, cols);
        tensor.set(values);
        return tensor;
    }

    /** Buffers that it owns now. */
    public int live() {
        return buffers.size();
    }

    Backend backend() {
        return backend;
    }

    void checkOpen() {
        if (closed) {
            throw new IllegalStateException("The scope that owns this tensor is closed; its memory was given back");
        }
    }

    /** Gives all memory back; a second call does nothing. */
    @Override
    public void close() {
        closed = true;
        buffers.forEach(Buffer::close);
        buffers.clear();
    }
}
