package bpnn.cpu;

import static bpnn.spi.HeapBuffer.floats;

import bpnn.spi.Matrix;
import bpnn.spi.Reduction;

/** Column sums, split among the threads by columns. */
final class ColumnSums {
    private final WorkerPool pool;
    private final RowLoops loops;
    private final BlockSums sums = new BlockSums();

    ColumnSums(WorkerPool pool, RowLoops loops) {
        this.pool = pool;
        this.loops = loops;
    }

    /** y_j = Σ x_ij. */
    void sum(Matrix x, Matrix y) {
        forColumns(x, (from, to) -> sum(x, y, from, to));
    }

    /** Splits the columns of {@code x} among the threads and ensures capacity for their sums. */
    void forColumns(Matrix x, WorkerPool.RangeTask task) {
        sums.require(x.cols());
        pool.parallelForElements(x.cols(), WorkerPool.GRAIN_CHEAP / Math.max(1, x.rows()) + 1, task);
    }

    /** y_j = Σ x_ij for columns {@code from .. to - 1}, within {@link #forColumns}. */
    private void sum(Matrix x, Matrix y, int from, int to) {
        float[] total = sumBlocks(x.rows(), from, to, (row0, row1) -> loops.addSums(x, row0, row1, sums, from, to));
        System.arraycopy(total, from, floats(y), y.offset() + from, to - from);
    }

    /**
     * Runs {@code block} on each block of rows and returns what it added to {@link #sums} in columns {@code from .. to
     * - 1}; called within {@link #forColumns}, valid until the next call.
     */
    float[] sumBlocks(int rows, int from, int to, WorkerPool.RangeTask block) {
        sums.clear(from, to);
        for (int start = 0; start < rows; start += Reduction.BLOCK) {
            block.run(start, Math.min(start + Reduction.BLOCK, rows));
        }
        return sums.total();
    }

    BlockSums sums() {
        return sums;
    }
}
