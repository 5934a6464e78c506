package bpnn.cpu;

import bpnn.spi.HeapBuffer;
import bpnn.spi.Matrix;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * GEMM on operands where they lie: the micro-kernels read rows of B contiguously and broadcast elements of A, which may be
 * stored either way. If B is stored transposed, either B is packed into panels, or the transpose Cᵀ = op(B)ᵀ op(A)ᵀ is
 * computed, whichever moves fewer elements.
 */
final class DirectGemm implements GemmMethod {
    /** Minimum number of elements to transpose per thread. */
    private static final int MIN_TRANSPOSED_PER_THREAD = 1 << 14;

    private final WorkerPool pool;
    private final MicroKernel microKernel;
    private final Packing packing;
    private final MacroKernel[] macroKernels;
    private float[] packedB = {};

    /** @param microKernel creates a micro-kernel for a thread */
    DirectGemm(WorkerPool pool, Supplier<MicroKernel> microKernel, Packing packing) {
        this.pool = pool;
        this.packing = packing;
        macroKernels = new MacroKernel[pool.threads()];
        Arrays.setAll(macroKernels, i -> new MacroKernel(microKernel.get(), packing));
        this.microKernel = microKernel.get();
    }

    @Override
    public void multiply(
            float alpha, Matrix a, boolean transA, Matrix b, boolean transB, float beta, Matrix c, Epilogue epilogue) {
        int m = c.rows();
        int n = c.cols();
        int k = transA ? a.rows() : a.cols();
        long movedForB = transB ? (long) k * n : 0;
        long movedForCTransposed = (transA ? 0 : (long) k * m) + (long) m * n;
        boolean transposed = movedForCTransposed < movedForB;
        OperandA left = transposed ? operandA(b, !transB) : operandA(a, transA);
        OperandB right = transposed ? operandB(a, !transA) : operandB(b, transB);
        GemmProblem problem = new GemmProblem(
                transposed ? n : m, transposed ? m : n, k, left, right, transposed, alpha, beta, c, epilogue);
        GemmSplit.run(
                pool,
                problem.m(),
                problem.n(),
                k,
                microKernel.mr(),
                microKernel.nr(),
                0,
                0,
                (part, row0, row1, column0, column1) ->
                        macroKernels[part].compute(problem, row0, row1, column0, column1));
    }

    private static OperandA operandA(Matrix matrix, boolean columnMajor) {
        return new OperandA(HeapBuffer.floats(matrix), matrix.offset(), matrix.cols(), columnMajor);
    }

    private OperandB operandB(Matrix matrix, boolean transpose) {
        return transpose
                ? packTransposed(matrix)
                : new OperandB(HeapBuffer.floats(matrix), matrix.offset(), matrix.cols(), false);
    }

    /** Packs the transpose of {@code matrix} into panels; the padding of the last one keeps old values. */
    private OperandB packTransposed(Matrix matrix) {
        int k = matrix.cols();
        int columns = Gemm.roundUp(matrix.rows(), microKernel.nr());
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
            packing.transpose(rows, k1 - k0, HeapBuffer.floats(matrix), from, matrix.cols(), to, start, width);
        }
    }
}
