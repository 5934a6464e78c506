package bpnn.cpu;

import static bpnn.spi.HeapBuffer.floats;

import bpnn.spi.Matrix;
import bpnn.spi.Reduction;
import java.util.Arrays;
import java.util.function.IntConsumer;

/** Sums down the columns of a matrix, the columns shared among the threads. */
final class ColumnSums {
    private final WorkerPool pool;
    private final RowLoops loops;
    private float[] block = {};
    private float[] total = {};

    ColumnSums(WorkerPool pool, RowLoops loops) {
        this.pool = pool;
        this.loops = loops;
    }

    /** y_j = Σ x_ij. */
    void sum(Matrix x, Matrix y) {
        forColumns(x, (from, to) -> sum(x, y, from, to));
    }

    /** Shares the columns of {@code x} among the threads, with room for a sum of each. */
    void forColumns(Matrix x, WorkerPool.RangeTask task) {
        if (block.length < x.cols()) {
            block = new float[x.cols()];
            total = new float[x.cols()];
        }
        pool.forElements(x.cols(), WorkerPool.CHEAP / Math.max(1, x.rows()) + 1, task);
    }

    /** y_j = Σ x_ij for columns {@code from .. to - 1}, within {@link #forColumns}. */
    void sum(Matrix x, Matrix y, int from, int to) {
        float[] sums = inBlocks(x.rows(), from, to, i -> loops.add(x, i, block, from, to));
        System.arraycopy(sums, from, floats(y), y.offset() + from, to - from);
    }

    /**
     * The sums, in the order of {@link Reduction#SUM}, of what {@code row} adds to {@link #block} for each row; one for each
     * of columns {@code from .. to - 1}, within {@link #forColumns}, and valid until the next call.
     */
    float[] inBlocks(int rows, int from, int to, IntConsumer row) {
        Arrays.fill(total, from, to, 0f);
        for (int start = 0; start < rows; start += Reduction.BLOCK) {
            Arrays.fill(block, from, to, 0f);
            for (int i = start; i < Math.min(start + Reduction.BLOCK, rows); i++) {
                row.accept(i);
            }
            for (int j = from; j < to; j++) {
                total[j] += block[j];
            }
        }
        return total;
    }

    /** Where the rows of {@link #inBlocks} add up. */
    float[] block() {
        return block;
    }
}
