package bpnn.cpu;

/** What happens to a product's result, block by block, while the block is still in the cache of the core that made it. */
@FunctionalInterface
interface Epilogue {
    /** Leaves the result as it is. */
    Epilogue NONE = (row0, row1, column0, column1) -> {};

    /**
     * Works on rows {@code row0 .. row1 - 1}, columns {@code column0 .. column1 - 1} of the finished result. Called once
     * for each block, by several threads at a time; every element belongs to one block.
     */
    void apply(int row0, int row1, int column0, int column1);
}
