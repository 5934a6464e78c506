package bpnn.nd4j;

import bpnn.spi.Buffer;
import bpnn.spi.ElementType;
import bpnn.spi.Matrix;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A block of off-heap memory of ND4J, freed by {@link #close}. Its arrays are views; creating one costs more than
 * adding a thousand numbers, so they are cached.
 */
final class Nd4jBuffer implements Buffer {
    /** A training uses the same few views repeatedly; views at moving offsets must not accumulate. */
    private static final int MOST_VIEWS = 64;

    private final ElementType type;
    private final int length;
    private final AtomicInteger live;
    private final DataBuffer data;
    private final Map<View, INDArray> views = new HashMap<>();
    private boolean closed;

    /** The key of a view; {@code order} is 'c' for the row-major matrix, 'f' for its column-major transpose. */
    private record View(int offset, int rows, int cols, char order) {}

    Nd4jBuffer(ElementType type, int length, AtomicInteger live) {
        this.type = type;
        this.length = length;
        this.live = live;
        // ND4J has no empty memory blocks.
        this.data = Nd4j.createBuffer(dataType(type), Math.max(length, 1), true);
        live.incrementAndGet();
    }

    private static DataType dataType(ElementType type) {
        return switch (type) {
            case FLOAT32 -> DataType.FLOAT;
            case INT32 -> DataType.INT32;
            case UINT8 -> DataType.UINT8;
        };
    }

    /** The non-empty matrix {@code m} as an array [rows, cols]. */
    static INDArray array(Matrix m) {
        return ((Nd4jBuffer) m.buffer()).view(new View(m.offset(), m.rows(), m.cols(), 'c'));
    }

    /** The same memory as the column-major transpose, an array [cols, rows]. */
    static INDArray transpose(Matrix m) {
        return ((Nd4jBuffer) m.buffer()).view(new View(m.offset(), m.cols(), m.rows(), 'f'));
    }

    private INDArray view(View view) {
        INDArray known = views.get(view);
        if (known != null) {
            return known;
        }
        if (views.size() == MOST_VIEWS) {
            views.clear();
        }
        long[] shape = {view.rows, view.cols};
        long[] stride = view.order == 'c' ? new long[] {view.cols, 1} : new long[] {1, view.rows};
        INDArray array = Nd4j.create(data, shape, stride, view.offset, view.order);
        views.put(view, array);
        return array;
    }

    /** Reads one float. */
    static float number(Matrix scalar) {
        return ((Nd4jBuffer) scalar.buffer()).data.getFloat(scalar.offset());
    }

    /** Writes one float. */
    static void set(Matrix m, int element, float value) {
        ((Nd4jBuffer) m.buffer()).data.put((long) m.offset() + element, value);
    }

    private FloatPointer floats(int offset) {
        return new FloatPointer(data.pointer()).position(offset);
    }

    private IntPointer ints(int offset) {
        return new IntPointer(data.pointer()).position(offset);
    }

    private BytePointer bytes(int offset) {
        return new BytePointer(data.pointer()).position(offset);
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
        floats(offset).put(source, from, count);
    }

    @Override
    public void upload(int offset, int[] source, int from, int count) {
        ints(offset).put(source, from, count);
    }

    @Override
    public void upload(int offset, byte[] source, int from, int count) {
        bytes(offset).put(source, from, count);
    }

    @Override
    public void download(int offset, float[] target, int from, int count) {
        floats(offset).get(target, from, count);
    }

    @Override
    public void download(int offset, int[] target, int from, int count) {
        ints(offset).get(target, from, count);
    }

    @Override
    public void download(int offset, byte[] target, int from, int count) {
        bytes(offset).get(target, from, count);
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            views.clear();
            data.close();
            live.decrementAndGet();
        }
    }
}
