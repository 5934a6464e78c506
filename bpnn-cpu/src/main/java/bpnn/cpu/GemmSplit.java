package bpnn.cpu;

/** Splits a GEMM among the threads into a grid of blocks, such that the thread with the most to do has the least. */
final class GemmSplit implements WorkerPool.Task {
    /** A block of the result: rows {@code row0 .. row1 - 1}, columns {@code column0 .. column1 - 1}. */
    @FunctionalInterface
    interface BlockTask {
        void run(int part, int row0, int row1, int column0, int column1);
    }

    /** Minimum work per thread, in FMAs. */
    private static final long MIN_FMAS_PER_THREAD = 1 << 18;

    private final int m;
    private final int n;
    private final int mr;
    private final int nr;
    private final int byRows;
    private final int byColumns;
    private final BlockTask task;

    private GemmSplit(int m, int n, int mr, int nr, int byRows, int byColumns, BlockTask task) {
        this.m = m;
        this.n = n;
        this.mr = mr;
        this.nr = nr;
        this.byRows = byRows;
        this.byColumns = byColumns;
        this.task = task;
    }

    /**
     * Runs a block on each thread, or on fewer threads if there is little to do. If several grids are as good, the longer
     * side is split, or the columns.
     *
     * @param m rows of the product
     * @param n columns of the product
     * @param k inner dimension
     * @param mr rows are split at multiples of it
     * @param nr columns are split at multiples of it
     * @param rowCost what each block does for each of its rows, besides multiplying: FMAs per element of A
     * @param columnCost the same for each of its columns, per element of B
     */
    static void run(
            WorkerPool pool, int m, int n, int k, int mr, int nr, double rowCost, double columnCost, BlockTask task) {
        int parts = pool.parts((long) m * n * k, MIN_FMAS_PER_THREAD);
        int best = 0;
        double least = Double.MAX_VALUE;
        for (int rows = 1; rows <= parts; rows++) {
            if (parts % rows == 0) {
                double blockRows = largestShare(m, mr, rows);
                double blockColumns = largestShare(n, nr, parts / rows);
                double cost = blockRows * blockColumns + rowCost * blockRows + columnCost * blockColumns;
                if (cost < least || (cost == least && n < m && rows == parts)) {
                    least = cost;
                    best = rows;
                }
            }
        }
        pool.run(parts, new GemmSplit(m, n, mr, nr, best, parts / best, task));
    }

    @Override
    public void run(int part) {
        int row = part / byColumns;
        int column = part % byColumns;
        task.run(
                part,
                WorkerPool.partStart(m, mr, row, byRows),
                WorkerPool.partStart(m, mr, row + 1, byRows),
                WorkerPool.partStart(n, nr, column, byColumns),
                WorkerPool.partStart(n, nr, column + 1, byColumns));
    }

    private static int largestShare(int size, int unit, int parts) {
        return Math.min(size, Gemm.roundUp(Gemm.roundUp(size, unit) / unit, parts) / parts * unit);
    }
}
