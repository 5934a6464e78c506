package bpnn.tck.oracle;

import bpnn.spi.Buffer;
import bpnn.spi.ElementType;
import bpnn.spi.Matrix;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A buffer of float64 elements with a float32 interface. Each element has an error bound of its float32 computation: 0
 * after an upload, then set by {@link BoundedKernels}.
 */
public final class Float64Buffer implements Buffer {
    private final double[] values;
    private final double[] bounds;
    private final AtomicInteger live;
    private boolean closed;

    Float64Buffer(int length, AtomicInteger live) {
        this.values = new double[length];
        this.bounds = new double[length];
        this.live = live;
        live.incrementAndGet();
    }

    /** The elements of the buffer of a matrix, which must be a {@code Float64Buffer}. */
    public static double[] values(Matrix m) {
        return ((Float64Buffer) m.buffer()).values;
    }

    /** The error bounds of these elements. */
    public static double[] bounds(Matrix m) {
        return ((Float64Buffer) m.buffer()).bounds;
    }

    @Override
    public ElementType type() {
        return ElementType.FLOAT32;
    }

    @Override
    public int length() {
        return values.length;
    }

    @Override
    public void upload(int offset, float[] source, int from, int count) {
        for (int i = 0; i < count; i++) {
            values[offset + i] = source[from + i];
        }
        Arrays.fill(bounds, offset, offset + count, 0);
    }

    @Override
    public void upload(int offset, int[] source, int from, int count) {
        throw new IllegalArgumentException("integers do not belong into a buffer of floats");
    }

    @Override
    public void upload(int offset, byte[] source, int from, int count) {
        throw new IllegalArgumentException("bytes do not belong into a buffer of floats");
    }

    @Override
    public void download(int offset, float[] target, int from, int count) {
        for (int i = 0; i < count; i++) {
            target[from + i] = (float) values[offset + i];
        }
    }

    @Override
    public void download(int offset, int[] target, int from, int count) {
        throw new IllegalArgumentException("a buffer of floats has no integers");
    }

    @Override
    public void download(int offset, byte[] target, int from, int count) {
        throw new IllegalArgumentException("a buffer of floats has no bytes");
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            live.decrementAndGet();
        }
    }
}
