package bpnn.cpu;

/** The innermost part of a product: kernels that add up blocks of it, in scalar or in vector code. Each thread has its own. */
interface Tiles {
    /** How many rows the fastest kernel computes at once. */
    int rows();

    /** What the last columns of a product are padded to a multiple of. */
    int columns();

    /** How many columns {@link #add} is called with but for the last ones; a multiple of {@link #columns}. */
    int stripColumns();

    /**
     * Adds a block of a product to C, each element in the order of the depth: rows {@code row0 .. row1 - 1}, depths
     * {@code depth0 .. depth1 - 1}, and {@code columns} columns.
     *
     * @param columns a multiple of {@link #columns}, at most {@link #stripColumns}
     * @param c the sums: row {@code i}, column {@code j} at {@code cStart + (i - row0) cStride + j}
     * @param resume whether the sums go on from C, or start from +0
     */
    void add(
            Left a,
            int row0,
            int row1,
            int depth0,
            int depth1,
            int columns,
            Strip b,
            float[] c,
            int cStart,
            int cStride,
            boolean resume);
}
