package bpnn.cuda;

import bpnn.spi.Matrix;
import java.util.List;
import jcuda.driver.CUfunction;

/**
 * Products with the bits of the definition: each block of threads computes a tile of C. The work along k cannot be shared,
 * so only smaller tiles give more blocks; the largest ones that occupy every multiprocessor are taken.
 */
final class TiledProduct implements Product {
    private final Launch launch;
    private final int multiprocessors;
    private final List<Tile> tiles;

    /** A kernel, the rows and columns of its tile, and the elements that a thread computes. */
    private record Tile(CUfunction kernel, int rows, int cols, int perThread) {
        private int blocks(Matrix c) {
            return Math.multiplyExact((c.rows() - 1) / rows + 1, (c.cols() - 1) / cols + 1);
        }
    }

    TiledProduct(Program program, Launch launch, int multiprocessors) {
        this.launch = launch;
        this.multiprocessors = multiprocessors;
        tiles = List.of(
                new Tile(program.kernel("gemm_128x128"), 128, 128, 64),
                new Tile(program.kernel("gemm_64x64"), 64, 64, 16),
                new Tile(program.kernel("gemm_32x32"), 32, 32, 4),
                new Tile(program.kernel("gemm_16x32"), 16, 32, 4));
    }

    @Override
    public void multiply(float alpha, Matrix a, boolean transA, Matrix b, boolean transB, float beta, Matrix c) {
        Tile tile = tile(c);
        launch.of(tile.kernel, tile.blocks(c), tile.rows * tile.cols / tile.perThread)
                .integer(c.rows())
                .integer(c.cols())
                .integer(transA ? a.rows() : a.cols())
                .real(alpha)
                .matrix(a)
                .flag(transA)
                .matrix(b)
                .flag(transB)
                .real(beta)
                .matrix(c)
                .run();
    }

    private Tile tile(Matrix c) {
        for (Tile tile : tiles) {
            if (tile.blocks(c) >= multiprocessors) {
                return tile;
            }
        }
        return tiles.get(tiles.size() - 1);
    }
}
