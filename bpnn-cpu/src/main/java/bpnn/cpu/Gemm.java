package bpnn.cpu;

import bpnn.spi.HeapBuffer;
import bpnn.spi.Matrix;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * General matrix multiplication, {@code C = alpha op(A) op(B) + beta C}, with bits that do not depend on blocking.
 *
 * <p>For each element of C: {@code s = +0}; for k ascending {@code s = fma(a_k, b_k, s)}; {@code t = alpha s}; then
 * {@code C = t} if beta is 0 (C is not read), else {@code C = fma(beta, C, t)}. Each element is one chain of fma over
 * k, so neither vector width nor tiles nor threads change it.
 *
 * <p>The micro-kernels read rows of B contiguously and broadcast elements of A. If B is stored transposed, either B is
 * packed into panels, or the transpose Cᵀ = op(B)ᵀ op(A)ᵀ is computed, whichever moves fewer elements. Micro-kernels
 * with few registers also need a row-major A.
 */
final class Gemm {
    /** Minimum work per thread, in FMAs. */
    private static final long MIN_FMAS_PER_THREAD = 1 << 18;

    /** Minimum number of elements to transpose per thread. */
    private static final int MIN_TRANSPOSED_PER_THREAD = 1 << 14;

    private final WorkerPool pool;
    private final MicroKernel microKernel;
    private final MacroKernel[] macroKernels;
    private float[] packedA = {};
    private float[] packedB = {};

    Gemm(WorkerPool pool, Supplier<MicroKernel> microKernel) {
        this.pool = pool;
        macroKernels = new MacroKernel[pool.threads()];
        Arrays.setAll(macroKernels, i -> new MacroKernel(microKernel.get()));
        this.microKernel = microKernel.get();
    }

    /**
     * Computes {@code c = alpha op(a) op(b) + beta c}, where op transposes if the flag says so, and applies
     * {@code epilogue} to C. {@code c} overlaps neither {@code a} nor {@code b}.
     */
    void multiply(
            float alpha, Matrix a, boolean transA, Matrix b, boolean transB, float beta, Matrix c, Epilogue epilogue) {
        int m = c.rows();
        int n = c.cols();
        if (m == 0 || n == 0) {
            return;
        }
        int k = transA ? a.rows() : a.cols();
        long movedForB = transB ? (long) k * n : 0;
        long movedForCTransposed = (transA ? 0 : (long) k * m) + (long) m * n;
        boolean transposed = movedForCTransposed < movedForB;
        OperandA left = transposed ? operandA(b, !transB) : operandA(a, transA);
        OperandB right = transposed ? operandB(a, !transA) : operandB(b, transB);
        run(new GemmProblem(
                transposed ? n : m, transposed ? m : n, k, left, right, transposed, alpha, beta, c, epilogue));
    }

    private OperandA operandA(Matrix matrix, boolean columnMajor) {
        if (!columnMajor || !microKernel.needsRowMajorA()) {
            return new OperandA(HeapBuffer.floats(matrix), matrix.offset(), matrix.cols(), columnMajor);
        }
        int k = matrix.rows();
        packedA = AlignedArrays.atLeast(matrix.size(), packedA);
        float[] to = packedA;
        float[] from = HeapBuffer.floats(matrix);
        pool.parallelFor(
                matrix.cols(),
                1,
                MIN_TRANSPOSED_PER_THREAD / Math.max(1, k) + 1,
                (row0, row1) -> Transpose.apply(
                        k,
                        row1 - row0,
                        from,
                        matrix.offset() + row0,
                        matrix.cols(),
                        to,
                        AlignedArrays.PADDING + row0 * k,
                        k));
        return new OperandA(to, AlignedArrays.PADDING, k, false);
    }

    private OperandB operandB(Matrix matrix, boolean transpose) {
        return transpose
                ? packTransposed(matrix)
                : new OperandB(HeapBuffer.floats(matrix), matrix.offset(), matrix.cols(), false);
    }

    /** Packs the transpose of {@code matrix} into panels; the padding of the last one keeps old values. */
    private OperandB packTransposed(Matrix matrix) {
        int k = matrix.cols();
        int columns = MacroKernel.roundUp(matrix.rows(), microKernel.nr());
        packedB = AlignedArrays.atLeast(k * columns, packedB);
        float[] to = packedB;
        pool.parallelFor(
                k,
                1,
                MIN_TRANSPOSED_PER_THREAD / columns + 1,
                (from, until) -> packTransposed(matrix, from, until, to));
        return new OperandB(to, AlignedArrays.PADDING, microKernel.nr(), true);
    }

    private void packTransposed(Matrix matrix, int k0, int k1, float[] to) {
        int width = microKernel.nr();
        for (int row = 0; row < matrix.rows(); row += width) {
            int rows = Math.min(width, matrix.rows() - row);
            int from = matrix.offset() + row * matrix.cols() + k0;
            int start = AlignedArrays.PADDING + row * matrix.cols() + k0 * width;
            Transpose.apply(rows, k1 - k0, HeapBuffer.floats(matrix), from, matrix.cols(), to, start, width);
        }
    }

    /** Splits rows or columns, whichever balances the load better; on a tie, the longer side, or columns. */
    private void run(GemmProblem p) {
        int parts = pool.parts((long) p.m() * p.n() * p.k(), MIN_FMAS_PER_THREAD);
        int mr = microKernel.mr();
        int nr = microKernel.nr();
        long byRows = (long) largestShare(p.m(), mr, parts) * p.n();
        long byColumns = (long) largestShare(p.n(), nr, parts) * p.m();
        if (byColumns < byRows || (byColumns == byRows && p.n() >= p.m())) {
            pool.run(
                    parts,
                    part -> macroKernels[part].compute(
                            p,
                            0,
                            p.m(),
                            WorkerPool.partStart(p.n(), nr, part, parts),
                            WorkerPool.partStart(p.n(), nr, part + 1, parts)));
        } else {
            pool.run(
                    parts,
                    part -> macroKernels[part].compute(
                            p,
                            WorkerPool.partStart(p.m(), mr, part, parts),
                            WorkerPool.partStart(p.m(), mr, part + 1, parts),
                            0,
                            p.n()));
        }
    }

    private static int largestShare(int size, int unit, int parts) {
        return Math.min(size, MacroKernel.roundUp(MacroKernel.roundUp(size, unit) / unit, parts) / parts * unit);
    }
}
