package bpnn.spi;

/** The operation of {@link Kernels#reduce}. */
public enum Reduction {
    /**
     * The sum, in blocks of {@link #BLOCK} elements: each block sequentially from +0, then the block sums sequentially
     * from +0. An empty sum is +0.
     */
    SUM,
    /** The maximum in the sense of {@link Math#max(float, float)}; -infinity if empty. */
    MAX;

    /** Number of elements summed sequentially to one partial sum. */
    public static final int BLOCK = 64;
}
