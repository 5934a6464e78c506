package bpnn.cuda;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import jcuda.driver.CUfunction;

/**
 * A way to cut a product into tiles, one for each block of threads: ExactTile and TensorTile in {@code kernels.cu}. The
 * bits of exact arithmetic are those of every tile; those of tensor cores depend on the tile, which therefore depends on
 * nothing but the shapes of a product.
 *
 * @param name the end of its kernels' names
 * @param rows of the tile
 * @param cols of the tile
 * @param depth of a panel
 * @param stages panels in shared memory
 * @param threads of a block
 * @param summands tiles that are added at the end
 */
record Tile(String name, int rows, int cols, int depth, int stages, int threads, int summands) {
    /** Padding of a panel's rows, which lie along the depth or across it: Panel in {@code kernels.cu}. */
    private static final int PAD_ALONG = 4;

    private static final int PAD_ACROSS = 8;
    /** What a block gets without asking for more: 48 KiB, of which its static arrays take some. */
    private static final int SHARED_WITHOUT_REQUEST = 40 << 10;

    /** Tiles of chains, ExactSmall and ExactLarge. */
    static final Tile EXACT_SMALL = new Tile("small", 16, 32, 64, 3, 128, 1);

    static final Tile EXACT_LARGE = new Tile("large", 64, 64, 32, 3, 128, 1);

    /** Blocks for a result of that size. */
    int blocks(int m, int n) {
        return Math.multiplyExact((m - 1) / rows + 1, (n - 1) / cols + 1);
    }

    /** Bytes of shared memory, operands lying along the depth or across it. */
    int sharedBytes(boolean leftAlong, boolean rightAlong) {
        int panels = stages * (panel(rows, leftAlong) + panel(cols, rightAlong));
        return Float.BYTES * Math.max(panels, summands * rows * (cols + PAD_ALONG));
    }

    private int panel(int width, boolean along) {
        return along ? width * (depth + PAD_ALONG) : depth * (width + PAD_ACROSS);
    }

    /** A kernel that works with this tile, allowed to use as much shared memory as it needs. */
    CUfunction kernel(Program program, String begin, int sharedBytes) {
        CUfunction kernel = program.kernel(begin + "_" + name);
        if (sharedBytes > SHARED_WITHOUT_REQUEST) {
            program.allowSharedBytes(kernel, sharedBytes);
        }
        return kernel;
    }

    /**
     * The tiles of a program. What they are was measured on an H200: {@code docs/performance.md}.
     *
     * @param layers for the passes through a layer, from the largest to the smallest
     * @param sevens instead of the smallest for a depth that is a multiple of its panels', such as MNIST's 784
     * @param smallWeights for the gradients of weights
     * @param largeWeights the same for large batches
     * @param narrow for layers with few columns, always chains
     * @param narrowWeights for the gradients of their weights
     * @param narrowBatch the largest batch for which that is so
     */
    record Choice(
            List<Tile> layers,
            Tile sevens,
            Tile smallWeights,
            Tile largeWeights,
            Tile narrow,
            Tile narrowWeights,
            int narrowBatch) {
        /** Results with no more columns, or sums with no more terms, are left to chains. */
        private static final int NARROW_SIDE = 32;
        /** Batches from which large tiles give enough blocks. */
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
                    StepKernels.LARGEST_BATCH);
        }

        /** The largest tile that gives most multiprocessors something to do, for C [m, n]. */
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

        /** The tile for the gradient of weights with {@code out} columns. */
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
