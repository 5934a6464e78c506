package bpnn.spi;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Scratch matrices of composed kernels. Each slot keeps its buffer and only grows, so a training step allocates nothing
 * after its first run.
 */
public final class Scratch implements AutoCloseable {
    private final Backend backend;
    private final List<@Nullable Buffer> slots = new ArrayList<>();

    public Scratch(Backend backend) {
        this.backend = backend;
    }

    /** A float32 matrix with undefined content, valid until the slot is requested again. */
    public Matrix matrix(int slot, int rows, int cols) {
        while (slots.size() <= slot) {
            slots.add(null);
        }
        Buffer buffer = slots.get(slot);
        if (buffer == null || buffer.length() < rows * cols) {
            if (buffer != null) {
                buffer.close();
            }
            buffer = backend.allocate(ElementType.FLOAT32, rows * cols);
            slots.set(slot, buffer);
        }
        return new Matrix(buffer, 0, rows, cols);
    }

    @Override
    public void close() {
        for (Buffer buffer : slots) {
            if (buffer != null) {
                buffer.close();
            }
        }
        slots.clear();
    }
}
