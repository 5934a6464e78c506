package bpnn.cpu;

import bpnn.spi.HeapBuffer;
import bpnn.spi.Matrix;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * The product of two matrices, {@code C = alpha op(A) op(B) + beta C}, with every bit fixed.
 *
 * <p>For each element of C: {@code s = +0}; for k ascending {@code s = fma(a_k, b_k, s)}; {@code t = alpha s}; then
 * {@code C = t} if beta is 0 (C is not read), else {@code C = fma(beta, C, t)}. An element is one chain of fma over the
 * depth, so neither vector width nor tiles nor threads can change it.
 *
 * <p>The kernels want rows of the right operand contiguous, and broadcast the elements of the left one from wherever
 * they are. So one operand may have to be transposed first, whichever costs less: B, or else A, and then the roles are
 * swapped and the kernels compute the transpose of C. Where processors have few registers, a left operand that is stored
 * the other way round is put in rows as well.
 */
final class Gemm {
    /** What a thread must have to do, in fma, so that waking it pays. */
    private static final long FMAS_PER_PART = 1 << 18;

    /** The same for the elements of an operand to be transposed. */
    private static final int TURNS_PER_PART = 1 << 14;

    private final WorkerPool pool;
    private final Tiles tiles;
    private final Strips[] strips;
    private float[] turnedLeft = {};
    private float[] turnedRight = {};

    Gemm(WorkerPool pool, Supplier<Tiles> tiles) {
        this.pool = pool;
        strips = new Strips[pool.threads()];
        Arrays.setAll(strips, i -> new Strips(tiles.get()));
        this.tiles = tiles.get();
    }

    /**
     * Computes {@code c = alpha op(a) op(b) + beta c}, where op transposes if the flag says so, and applies
     * {@code after} to the result. {@code c} overlaps neither {@code a} nor {@code b}.
     */
    void multiply(
            float alpha, Matrix a, boolean transA, Matrix b, boolean transB, float beta, Matrix c, Epilogue after) {
        int m = c.rows();
        int n = c.cols();
        if (m == 0 || n == 0) {
            return;
        }
        int depth = transA ? a.rows() : a.cols();
        long turningB = transB ? (long) depth * n : 0;
        long turningAAndC = (transA ? 0 : (long) depth * m) + (long) m * n;
        boolean swapped = turningAAndC < turningB;
        Left left = swapped ? left(b, !transB) : left(a, transA);
        Right right = swapped ? right(a, !transA) : right(b, transB);
        run(new Product(swapped ? n : m, swapped ? m : n, depth, left, right, swapped, alpha, beta, c, after));
    }

    private Left left(Matrix matrix, boolean depthMajor) {
        if (!depthMajor || !tiles.needsRows()) {
            return new Left(HeapBuffer.floats(matrix), matrix.offset(), matrix.cols(), depthMajor);
        }
        int depth = matrix.rows();
        turnedLeft = CacheLine.atLeast(matrix.size(), turnedLeft);
        float[] to = turnedLeft;
        float[] from = HeapBuffer.floats(matrix);
        pool.forRange(
                matrix.cols(),
                1,
                TURNS_PER_PART / Math.max(1, depth) + 1,
                (row0, row1) -> Transposition.apply(
                        depth,
                        row1 - row0,
                        from,
                        matrix.offset() + row0,
                        matrix.cols(),
                        to,
                        CacheLine.LEAD + row0 * depth,
                        depth));
        return new Left(to, CacheLine.LEAD, depth, false);
    }

    private Right right(Matrix matrix, boolean turn) {
        return turn ? turn(matrix) : new Right(HeapBuffer.floats(matrix), matrix.offset(), matrix.cols(), false);
    }

    /** The transpose of {@code matrix} in strips, the last one padded with whatever was there. */
    private Right turn(Matrix matrix) {
        int depth = matrix.cols();
        int columns = Strips.roundUp(matrix.rows(), tiles.stripColumns());
        turnedRight = CacheLine.atLeast(depth * columns, turnedRight);
        float[] to = turnedRight;
        pool.forRange(depth, 1, TURNS_PER_PART / columns + 1, (from, until) -> turn(matrix, from, until, to));
        return new Right(to, CacheLine.LEAD, tiles.stripColumns(), true);
    }

    private void turn(Matrix matrix, int depth0, int depth1, float[] to) {
        int width = tiles.stripColumns();
        for (int row = 0; row < matrix.rows(); row += width) {
            int rows = Math.min(width, matrix.rows() - row);
            int from = matrix.offset() + row * matrix.cols() + depth0;
            int start = CacheLine.LEAD + row * matrix.cols() + depth0 * width;
            Transposition.apply(
                    rows, depth1 - depth0, HeapBuffer.floats(matrix), from, matrix.cols(), to, start, width);
        }
    }

    /** Splits the rows or the columns, whichever gives the more equal shares, and columns rather than rows. */
    private void run(Product p) {
        int parts = pool.parts((long) p.rows() * p.columns() * p.depth(), FMAS_PER_PART);
        int rowUnit = tiles.rows();
        int columnUnit = tiles.stripColumns();
        long byRows = (long) largestShare(p.rows(), rowUnit, parts) * p.columns();
        long byColumns = (long) largestShare(p.columns(), columnUnit, parts) * p.rows();
        if (byColumns < byRows || (byColumns == byRows && p.columns() >= p.rows())) {
            pool.run(
                    parts,
                    part -> strips[part].compute(
                            p,
                            0,
                            p.rows(),
                            WorkerPool.share(p.columns(), columnUnit, part, parts),
                            WorkerPool.share(p.columns(), columnUnit, part + 1, parts)));
        } else {
            pool.run(
                    parts,
                    part -> strips[part].compute(
                            p,
                            WorkerPool.share(p.rows(), rowUnit, part, parts),
                            WorkerPool.share(p.rows(), rowUnit, part + 1, parts),
                            0,
                            p.columns()));
        }
    }

    private static int largestShare(int size, int unit, int parts) {
        return Math.min(size, Strips.roundUp(Strips.roundUp(size, unit) / unit, parts) / parts * unit);
    }
}
