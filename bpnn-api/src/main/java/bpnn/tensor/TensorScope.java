package bpnn.tensor;

import bpnn.spi.Backend;
import bpnn.spi.Buffer;
import bpnn.spi.ElementType;
import bpnn.spi.Matrix;
import java.util.ArrayList;
import java.util.List;

/**
 * The sole owner of the tensors it creates: closing it frees their memory, after which no tensor may be used. Not
 * thread-safe.
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
        int padding = backend.alignmentPadding(type);
        Buffer buffer = backend.allocate(type, padding + shape.size());
        buffers.add(buffer);
        return new Tensor(this, shape, new Matrix(buffer, padding, rows, cols));
    }

    /** A float32 matrix with the given elements, row-major. */
    public Tensor of(int rows, int cols, float... values) {
        Tensor tensor = zeros(rows, cols);
        tensor.set(values);
        return tensor;
    }

    /** Number of buffers it owns. */
    public int live() {
        return buffers.size();
    }

    Backend backend() {
        return backend;
    }

    void checkOpen() {
        if (closed) {
            throw new IllegalStateException("The scope that owns this tensor is closed and its memory freed");
        }
    }

    /** Frees all memory; idempotent. */
    @Override
    public void close() {
        closed = true;
        buffers.forEach(Buffer::close);
        buffers.clear();
    }
}
