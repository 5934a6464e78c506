package bpnn.cuda;

import org.jspecify.annotations.Nullable;

/**
 * Memory for sums that several blocks share: if a weight gradient has fewer tiles than the GPU holds blocks, each block
 * sums a part of the batch, and the last one adds the partial tiles. Allocated up front, because a graph must not
 * allocate.
 */
final class PartialTiles implements AutoCloseable {
    /** Blocks of the tile of large batches that a multiprocessor holds at once, bounded by its shared memory. */
    private static final int BLOCKS_PER_MULTIPROCESSOR = 4;
    /** Shorter sums do not pay for adding their parts. */
    private static final int MIN_ROWS = 512;

    private final Gpu gpu;
    private final @Nullable Tile tile;
    private final int capacity;
    private final DevicePointer tiles;
    private final DevicePointer finished;

    /** @param tile the tile whose sums are split; null if no sums are */
    PartialTiles(Gpu gpu, @Nullable Tile tile, int multiprocessors) {
        this.gpu = gpu;
        this.tile = tile;
        capacity = tile == null ? 0 : BLOCKS_PER_MULTIPROCESSOR * multiprocessors;
        tiles = gpu.allocate(tile == null ? 0 : (long) capacity * tile.rows() * tile.cols() * Float.BYTES);
        finished = gpu.allocate((long) capacity * Integer.BYTES);
    }

    /**
     * How many blocks share the sum of each tile, a function of the shapes and the GPU only.
     *
     * @param count number of tiles in a launch
     */
    int parts(Tile of, int count, int batch) {
        return of.equals(tile) ? parts(capacity, count, batch) : 1;
    }

    /** @param capacity number of blocks that the GPU holds at once */
    static int parts(int capacity, int count, int batch) {
        return Math.max(1, Math.min(capacity / Math.max(count, 1), batch / MIN_ROWS));
    }

    /** The partial tiles, one for each block. */
    DevicePointer tiles() {
        return tiles;
    }

    /** The number of blocks that have finished, for each tile; 0 between launches. */
    DevicePointer finished() {
        return finished;
    }

    @Override
    public void close() {
        gpu.free(tiles);
        gpu.free(finished);
    }
}
