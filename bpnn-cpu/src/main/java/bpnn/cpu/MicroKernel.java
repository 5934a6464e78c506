package bpnn.cpu;

/**
 * The GEMM micro-kernel for operands where they lie: adds a block of A times a panel of B to a block of C. One instance per
 * thread.
 */
interface MicroKernel {
    /** MR: rows of the largest register tile. */
    int mr();

    /** The width of the last panel is rounded up to a multiple of this. */
    int lanes();

    /** NR: columns of a full panel; a multiple of {@link #lanes}. */
    int nr();

    /**
     * Adds to C the product of rows {@code row0 .. row1 - 1} of A and the first {@code columns} columns of the panel,
     * over {@code k0 .. k1 - 1} in ascending order.
     *
     * @param columns a multiple of {@link #lanes}, at most {@link #nr}
     * @param c element (i, j) of the block at {@code cStart + (i - row0) * cStride + j}
     * @param resume whether to start from the sums in C, or from +0
     */
    void add(
            OperandA a,
            int row0,
            int row1,
            int k0,
            int k1,
            int columns,
            Panel b,
            float[] c,
            int cStart,
            int cStride,
            boolean resume);
}
