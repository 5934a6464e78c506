package bpnn.cuda;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import jcuda.driver.CUfunction;

/**
 * A tiling of GEMM, one tile per thread block: ExactTile and TensorTile in {@code kernels.cu}. Exact arithmetic gives
 * the same bits for every tile; the bits of tensor cores depend on the tile, which is therefore a function of the
 * shapes only.
 *
 * @param name suffix of the kernel names
 * @param rows of the tile
 * @param cols of the tile
 * @param depth of a panel
 * @param stages panels in shared memory
 * @param threads per block
 * @param splitK number of partial tiles that are added at the end
 */
record Tile(String name, int rows, int cols, int depth, int stages, int threads, int splitK) {
    /** Padding of the rows of a panel, which run along k or across it: Panel in {@code kernels.cu}. */
    private static final int PADDING_ALONG_K = 4;

    private static final int PADDING_ACROSS_K = 8;
    /** The larger padding of the rows of a tile: STRIDE of Fragments in {@code kernels.cu}. */
    private static final int RESULT_PADDING = 8;
    /** Shared memory available without opt-in: 48 KiB, minus room for static arrays. */
    private static final int DEFAULT_SHARED_BYTES = 40 << 10;

    /** Tiles of fma chains, ExactSmall and ExactLarge. */
    static final Tile EXACT_SMALL = new Tile("small", 16, 32, 64, 3, 128, 1);

    static final Tile EXACT_LARGE = new Tile("large", 64, 64, 32, 3, 128, 1);

    /** Number of blocks for a result [m, n]. */
    int blocks(int m, int n) {
        return Math.multiplyExact((m - 1) / rows + 1, (n - 1) / cols + 1);
    }

    /** Bytes of shared memory, for operands that run along k or across it. */
    int sharedBytes(boolean aAlongK, boolean bAlongK) {
        int panels = stages * (panel(rows, aAlongK) + panel(cols, bAlongK));
        return Float.BYTES * Math.max(panels, splitK * rows * (cols + RESULT_PADDING));
    }

    private int panel(int width, boolean along) {
        return along ? width * (depth + PADDING_ALONG_K) : depth * (width + PADDING_ACROSS_K);
    }

    /** A kernel for this tile, with the shared memory it needs. */
    CUfunction kernel(Program program, String begin, int sharedBytes) {
        CUfunction kernel = program.kernel(begin + "_" + name);
        if (sharedBytes > DEFAULT_SHARED_BYTES) {
            program.allowSharedBytes(kernel, sharedBytes);
        }
        return kernel;
    }

    /**
     * The tiles of a program, tuned on an H200: {@code docs/performance.md}.
     *
     * @param layers for the forward and backward pass of a layer, from largest to smallest
     * @param sevens replaces the smallest if k is a multiple of its panel depth, such as MNIST's 784
     * @param smallWeights for weight gradients
     * @param largeWeights the same for large batches
     * @param narrow for layers with few columns, always fma chains
     * @param narrowWeights for their weight gradients
     * @param narrowBatch the largest batch for which the narrow tiles are used
     */
    record Choice(
            List<Tile> layers,
            Tile sevens,
            Tile smallWeights,
            Tile largeWeights,
            Tile narrow,
            Tile narrowWeights,
            int narrowBatch) {
        /** Results with at most this many columns, or sums with at most this many terms, use fma chains. */
        private static final int NARROW_SIDE = 32;
        /** Batch size from which large tiles give enough blocks. */
        private static final int LARGE_BATCH = 512;

        private static final Tile SMALL_WEIGHTS = new Tile("small", 32, 64, 32, 3, 128, 1);
        private static final Tile NARROW_WEIGHTS = new Tile("narrow", 16, 32, 64, 3, 128, 1);

        static Choice exact() {
            return new Choice(
                    List.of(EXACT_LARGE, new Tile("middle", 32, 64, 32, 4, 128, 1), EXACT_SMALL),
                    EXACT_SMALL,
                    SMALL_WEIGHTS,
                    EXACT_LARGE,
                    EXACT_SMALL,
                    NARROW_WEIGHTS,
                    Integer.MAX_VALUE);
        }

        static Choice tensor() {
            return new Choice(
                    List.of(
                            new Tile("large", 128, 64, 32, 3, 128, 1),
                            new Tile("middle", 32, 64, 64, 3, 256, 4),
                            new Tile("small", 16, 32, 128, 3, 256, 8)),
                    new Tile("sevens", 16, 32, 112, 3, 224, 7),
                    SMALL_WEIGHTS,
                    new Tile("large", 64, 64, 32, 3, 128, 1),
                    new Tile("narrow", 16, 32, 64, 3, 128, 1),
                    NARROW_WEIGHTS,
                    StepKernels.MAX_BATCH);
        }

        /** The largest tile that occupies most multiprocessors, for C [m, n]. */
        Tile forLayer(int m, int n, int depth, int multiprocessors) {
            if (n <= NARROW_SIDE || (depth <= NARROW_SIDE && m <= narrowBatch)) {
                return narrow;
            }
            Tile small = layers.get(layers.size() - 1);
            for (Tile tile : layers) {
                if (!tile.equals(small) && tile.blocks(m, n) >= multiprocessors * 7 / 8) {
                    return tile;
                }
            }
            return depth % sevens.depth() == 0 ? sevens : small;
        }

        /** The tile for the gradient of a weight with {@code out} columns. */
        Tile forWeights(int batch, int out) {
            if (Math.min(batch, out) <= NARROW_SIDE && batch <= narrowBatch) {
                return narrowWeights;
            }
            return batch >= LARGE_BATCH ? largeWeights : smallWeights;
        }

        Set<Tile> allLayers() {
            Set<Tile> all = new LinkedHashSet<>(layers);
            all.addAll(List.of(sevens, narrow));
            return all;
        }

        Set<Tile> allWeights() {
            return new LinkedHashSet<>(List.of(smallWeights, largeWeights, narrowWeights));
        }
    }
}
