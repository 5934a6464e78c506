package bpnn.cuda;

import bpnn.spi.Matrix;
import jcuda.driver.CUfunction;

/**
 * GEMM with exact bits: each thread block computes a tile of C. The sum over k cannot be split, so only smaller tiles
 * give more blocks; the larger tile is used if it occupies every multiprocessor.
 */
final class TiledGemm implements Gemm {
    private final Launch launch;
    private final int multiprocessors;
    private final Kernels small;
    private final Kernels large;

    /** The kernels of a tile, by whether A and B are transposed. */
    private record Kernels(Tile tile, CUfunction nn, CUfunction nt, CUfunction tn, CUfunction tt) {
        static Kernels of(Program program, Tile tile) {
            return new Kernels(
                    tile,
                    tile.kernel(program, "gemm_nn", tile.sharedBytes(true, false)),
                    tile.kernel(program, "gemm_nt", tile.sharedBytes(true, true)),
                    tile.kernel(program, "gemm_tn", tile.sharedBytes(false, false)),
                    tile.kernel(program, "gemm_tt", tile.sharedBytes(false, true)));
        }

        CUfunction kernel(boolean transA, boolean transB) {
            return transA ? (transB ? tt : tn) : (transB ? nt : nn);
        }
    }

    /** @param all whether the program has large tiles as well */
    TiledGemm(Program program, Launch launch, int multiprocessors, boolean all) {
        this.launch = launch;
        this.multiprocessors = multiprocessors;
        small = Kernels.of(program, Tile.EXACT_SMALL);
        large = all ? Kernels.of(program, Tile.EXACT_LARGE) : small;
    }

    @Override
    public void multiply(float alpha, Matrix a, boolean transA, Matrix b, boolean transB, float beta, Matrix c) {
        Kernels kernels = large.tile.blocks(c.rows(), c.cols()) >= multiprocessors ? large : small;
        Tile tile = kernels.tile;
        launch.of(
                        kernels.kernel(transA, transB),
                        tile.blocks(c.rows(), c.cols()),
                        tile.threads(),
                        tile.sharedBytes(!transA, transB))
                .integer(c.rows())
                .integer(c.cols())
                .integer(transA ? a.rows() : a.cols())
                .real(alpha)
                .matrix(a)
                .matrix(b)
                .real(beta)
                .matrix(c)
                .run();
    }
}
