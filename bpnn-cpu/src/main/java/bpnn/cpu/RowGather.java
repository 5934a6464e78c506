package bpnn.cpu;

import static bpnn.spi.HeapBuffer.bytes;
import static bpnn.spi.HeapBuffer.floats;
import static bpnn.spi.HeapBuffer.ints;

import bpnn.spi.Augmentation;
import bpnn.spi.ElementType;
import bpnn.spi.Matrix;
import org.jspecify.annotations.Nullable;

/** Gathers the rows of a batch, split among the threads by rows. */
final class RowGather {
    private final WorkerPool pool;
    private final ScaleShift scaleShift;
    private final Distortions distortions;
    private final ThreadLocal<byte[]> gathered = ThreadLocal.withInitial(() -> new byte[0]);

    RowGather(WorkerPool pool, ScaleShift scaleShift, Distortions distortions) {
        this.pool = pool;
        this.scaleShift = scaleShift;
        this.distortions = distortions;
    }

    /** {@link bpnn.spi.Kernels#gatherRows} from position {@code first} of the order. */
    void gatherRows(Matrix table, @Nullable Matrix order, int first, float scale, float shift, Matrix y) {
        pool.parallelFor(
                y.rows(),
                1,
                WorkerPool.GRAIN_CHEAP / Math.max(1, y.cols()) + 1,
                (from, to) -> gatherRows(table, order, first, scale, shift, y, from, to));
    }

    /** The same for rows {@code from .. to - 1}, on this thread. */
    void gatherRows(
            Matrix table, @Nullable Matrix order, int first, float scale, float shift, Matrix y, int from, int to) {
        if (table.buffer().type() == ElementType.UINT8) {
            gatherBytes(table, order, first, scale, shift, y, from, to);
        } else {
            gatherFloats(table, order, first, scale, shift, y, from, to);
        }
    }

    /**
     * Copies the scattered rows first and converts them in a second pass: the plain copy keeps several cache misses in
     * flight, the conversion loop would stall on each.
     */
    private void gatherBytes(
            Matrix table, @Nullable Matrix order, int first, float scale, float shift, Matrix y, int from, int to) {
        int n = y.cols();
        int count = (to - from) * n;
        byte[] rows = gathered.get();
        if (rows.length < count) {
            rows = new byte[count];
            gathered.set(rows);
        }
        for (int i = from; i < to; i++) {
            System.arraycopy(bytes(table), start(table, order, first + i), rows, (i - from) * n, n);
        }
        scaleShift.convert(rows, 0, scale, shift, floats(y), y.offset() + from * n, count);
    }

    /**
     * The rows {@code from .. to - 1} of {@link bpnn.spi.Kernels#gatherAugmented}, on this thread.
     *
     * @param first position in the order
     */
    void gatherDistorted(
            Matrix images,
            @Nullable Matrix order,
            int first,
            int epoch,
            Augmentation augmentation,
            Matrix smoothing,
            float scale,
            float shift,
            Matrix x,
            int from,
            int to) {
        Distortions.Distorter distorter = distortions.of(augmentation, floats(smoothing), smoothing.offset());
        for (int i = from; i < to; i++) {
            int target = x.offset() + i * x.cols();
            distorter.apply(
                    bytes(images), start(images, order, first + i), epoch, row(order, first + i), floats(x), target);
            scaleShift.convert(floats(x), target, scale, shift, floats(x), target, x.cols());
        }
    }

    private void gatherFloats(
            Matrix table, @Nullable Matrix order, int first, float scale, float shift, Matrix y, int from, int to) {
        for (int i = from; i < to; i++) {
            int target = y.offset() + i * y.cols();
            scaleShift.convert(
                    floats(table), start(table, order, first + i), scale, shift, floats(y), target, y.cols());
        }
    }

    /** Start of the row at {@code position} of the order. */
    private static int start(Matrix table, @Nullable Matrix order, int position) {
        return table.offset() + row(order, position) * table.cols();
    }

    private static int row(@Nullable Matrix order, int position) {
        return order == null ? position : ints(order)[order.offset() + position];
    }
}
