package bpnn.cpu;

/**
 * Splits a GEMM among the threads into a grid of blocks, such that the thread with the most to do has the least.
 *
 * @param m rows of the product
 * @param n columns of the product
 * @param k inner dimension
 * @param mr rows are split at multiples of it
 * @param nr columns are split at multiples of it
 * @param rowCost what each block does for each of its rows, besides multiplying: FMAs per element of A
 * @param columnCost the same for each of its columns, per element of B
 */
record GemmSplit(int m, int n, int k, int mr, int nr, double rowCost, double columnCost) {
    /** A block of the result: rows {@code row0 .. row1 - 1}, columns {@code column0 .. column1 - 1}. */
    @FunctionalInterface
    interface BlockTask {
        void run(int part, int row0, int row1, int column0, int column1);
    }

    /** Minimum work per thread, in FMAs. */
    private static final long MIN_FMAS_PER_THREAD = 1 << 18;

    /** Runs a block on each thread, or on fewer threads if there is little to do. */
    void run(WorkerPool pool, BlockTask task) {
        int parts = pool.parts((long) m * n * k, MIN_FMAS_PER_THREAD);
        int byRows = rowParts(parts);
        int byColumns = parts / byRows;
        pool.run(parts, part -> {
            int row = part / byColumns;
            int column = part % byColumns;
            task.run(
                    part,
                    WorkerPool.partStart(m, mr, row, byRows),
                    WorkerPool.partStart(m, mr, row + 1, byRows),
                    WorkerPool.partStart(n, nr, column, byColumns),
                    WorkerPool.partStart(n, nr, column + 1, byColumns));
        });
    }

    /** Parts that the rows are split into; on a tie, the longer side is split, or the columns. */
    private int rowParts(int parts) {
        int best = n >= m ? 1 : parts;
        for (int rows = 1; rows <= parts; rows++) {
            if (parts % rows == 0 && cost(rows, parts / rows) < cost(best, parts / best)) {
                best = rows;
            }
        }
        return best;
    }

    /** Work of the largest block, in FMAs per k. */
    private double cost(int byRows, int byColumns) {
        double rows = largestShare(m, mr, byRows);
        double columns = largestShare(n, nr, byColumns);
        return rows * columns + rowCost * rows + columnCost * columns;
    }

    private static int largestShare(int size, int unit, int parts) {
        return Math.min(size, Gemm.roundUp(Gemm.roundUp(size, unit) / unit, parts) / parts * unit);
    }
}
