package bpnn.cpu;

/** Work on a block of a GEMM result while the block is still in the cache of the core that computed it. */
@FunctionalInterface
interface Epilogue {
    /** Does nothing. */
    Epilogue NONE = (row0, row1, column0, column1) -> {};

    /**
     * Processes rows {@code row0 .. row1 - 1}, columns {@code column0 .. column1 - 1} of the finished result. Called
     * once per block, concurrently; the blocks are disjoint and cover the result.
     */
    void apply(int row0, int row1, int column0, int column1);
}
