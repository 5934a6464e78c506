package bpnn.cpu;

import static bpnn.spi.HeapBuffer.bytes;
import static bpnn.spi.HeapBuffer.floats;
import static bpnn.spi.HeapBuffer.ints;

import bpnn.spi.ElementType;
import bpnn.spi.Matrix;
import org.jspecify.annotations.Nullable;

/** Gathers the rows of a batch, the rows shared among the threads. */
final class Gathering {
    private final WorkerPool pool;
    private final Gather gather;
    private byte[] gathered = {};

    Gathering(WorkerPool pool, Gather gather) {
        this.pool = pool;
        this.gather = gather;
    }

    /** {@link bpnn.spi.Kernels#gatherRows} from place {@code first} of the order. */
    void gatherRows(Matrix table, @Nullable Matrix order, int first, float scale, float shift, Matrix y) {
        boolean pixels = table.buffer().type() == ElementType.UINT8;
        if (pixels && gathered.length < y.size()) {
            gathered = new byte[y.size()];
        }
        pool.forRange(y.rows(), 1, WorkerPool.CHEAP / Math.max(1, y.cols()) + 1, (from, to) -> {
            if (pixels) {
                gatherBytes(table, order, first, scale, shift, y, from, to);
            } else {
                gatherFloats(table, order, first, scale, shift, y, from, to);
            }
        });
    }

    /**
     * First copies the rows, which are far apart in memory, and then converts them all: while copying, the processor waits
     * for several rows at a time, and while converting, for less than one.
     */
    private void gatherBytes(
            Matrix table, @Nullable Matrix order, int first, float scale, float shift, Matrix y, int from, int to) {
        int n = y.cols();
        for (int i = from; i < to; i++) {
            System.arraycopy(bytes(table), start(table, order, first + i), gathered, i * n, n);
        }
        gather.convert(gathered, from * n, scale, shift, floats(y), y.offset() + from * n, (to - from) * n);
    }

    private void gatherFloats(
            Matrix table, @Nullable Matrix order, int first, float scale, float shift, Matrix y, int from, int to) {
        for (int i = from; i < to; i++) {
            int target = y.offset() + i * y.cols();
            gather.convert(floats(table), start(table, order, first + i), scale, shift, floats(y), target, y.cols());
        }
    }

    /** Where the row begins that stands at {@code place} of the order. */
    private static int start(Matrix table, @Nullable Matrix order, int place) {
        int row = order == null ? place : ints(order)[order.offset() + place];
        return table.offset() + row * table.cols();
    }
}
