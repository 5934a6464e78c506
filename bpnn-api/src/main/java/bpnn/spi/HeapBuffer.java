package bpnn.spi;

import java.util.concurrent.atomic.AtomicInteger;

/** A buffer on the Java heap, for backends that compute there: one array of the element type. */
public final class HeapBuffer implements Buffer {
    private static final float[] NO_FLOATS = {};
    private static final int[] NO_INTS = {};
    private static final byte[] NO_BYTES = {};

    private final ElementType type;
    private final int length;
    private final AtomicInteger live;
    private float[] floats = NO_FLOATS;
    private int[] ints = NO_INTS;
    private byte[] bytes = NO_BYTES;
    private boolean closed;

    /**
     * @param live number of open buffers of the backend: incremented here, decremented by {@link #close}
     */
    public HeapBuffer(ElementType type, int length, AtomicInteger live) {
        this.type = type;
        this.length = length;
        this.live = live;
        switch (type) {
            case FLOAT32 -> floats = new float[length];
            case INT32 -> ints = new int[length];
            case UINT8 -> bytes = new byte[length];
        }
        live.incrementAndGet();
    }

    /**
     * The array behind the matrix {@code m}, which must live in a {@code HeapBuffer} of {@link ElementType#FLOAT32}.
     */
    public static float[] floats(Matrix m) {
        return ((HeapBuffer) m.buffer()).floats;
    }

    /** The array behind the matrix {@code m}, which must live in a {@code HeapBuffer} of {@link ElementType#INT32}. */
    public static int[] ints(Matrix m) {
        return ((HeapBuffer) m.buffer()).ints;
    }

    /** The array behind the matrix {@code m}, which must live in a {@code HeapBuffer} of {@link ElementType#UINT8}. */
    public static byte[] bytes(Matrix m) {
        return ((HeapBuffer) m.buffer()).bytes;
    }

    @Override
    public ElementType type() {
        return type;
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public void upload(int offset, float[] source, int from, int count) {
        System.arraycopy(source, from, floats, offset, count);
    }

    @Override
    public void upload(int offset, int[] source, int from, int count) {
        System.arraycopy(source, from, ints, offset, count);
    }

    @Override
    public void upload(int offset, byte[] source, int from, int count) {
        System.arraycopy(source, from, bytes, offset, count);
    }

    @Override
    public void download(int offset, float[] target, int from, int count) {
        System.arraycopy(floats, offset, target, from, count);
    }

    @Override
    public void download(int offset, int[] target, int from, int count) {
        System.arraycopy(ints, offset, target, from, count);
    }

    @Override
    public void download(int offset, byte[] target, int from, int count) {
        System.arraycopy(bytes, offset, target, from, count);
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            floats = NO_FLOATS;
            ints = NO_INTS;
            bytes = NO_BYTES;
            live.decrementAndGet();
        }
    }
}
