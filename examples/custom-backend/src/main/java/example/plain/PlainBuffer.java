package example.plain;

import bpnn.spi.Buffer;
import bpnn.spi.ElementType;
import bpnn.spi.Matrix;
import java.lang.reflect.Array;
import java.util.concurrent.atomic.AtomicInteger;

/** Memory: one Java array of the element type. */
final class PlainBuffer implements Buffer {
    private final ElementType type;
    private final Object array;
    private final AtomicInteger live;
    private boolean closed;

    PlainBuffer(ElementType type, int length, AtomicInteger live) {
        this.type = type;
        this.array = switch (type) {
            case FLOAT32 -> new float[length];
            case INT32 -> new int[length];
            case UINT8 -> new byte[length];
        };
        this.live = live;
        live.incrementAndGet();
    }

    static float[] floats(Matrix m) {
        return (float[]) ((PlainBuffer) m.buffer()).array;
    }

    static int[] ints(Matrix m) {
        return (int[]) ((PlainBuffer) m.buffer()).array;
    }

    static byte[] bytes(Matrix m) {
        return (byte[]) ((PlainBuffer) m.buffer()).array;
    }

    @Override
    public ElementType type() {
        return type;
    }

    @Override
    public int length() {
        return Array.getLength(array);
    }

    @Override
    public void upload(int offset, float[] source, int from, int count) {
        System.arraycopy(source, from, array, offset, count);
    }

    @Override
    public void upload(int offset, int[] source, int from, int count) {
        System.arraycopy(source, from, array, offset, count);
    }

    @Override
    public void upload(int offset, byte[] source, int from, int count) {
        System.arraycopy(source, from, array, offset, count);
    }

    @Override
    public void download(int offset, float[] target, int from, int count) {
        System.arraycopy(array, offset, target, from, count);
    }

    @Override
    public void download(int offset, int[] target, int from, int count) {
        System.arraycopy(array, offset, target, from, count);
    }

    @Override
    public void download(int offset, byte[] target, int from, int count) {
        System.arraycopy(array, offset, target, from, count);
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
