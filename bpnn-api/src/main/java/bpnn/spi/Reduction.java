package bpnn.spi;

/** What {@link Kernels#reduce} computes along an axis. */
public enum Reduction {
    /**
     * The sum, in blocks of {@link #BLOCK} elements: each block in sequence from +0, then the block sums in sequence
     * from +0. An empty sum is +0.
     */
    SUM,
    /** The greatest element in the sense of {@link Math#max(float, float)}; -infinity where there is none. */
    MAX;

    /** Elements that are summed in sequence before the partial sum is put aside. */
    public static final int BLOCK = 64;
}
