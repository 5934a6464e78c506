package bpnn.cpu;

import bpnn.spi.Matrix;

/**
 * General matrix multiplication, {@code C = alpha op(A) op(B) + beta C}, with bits that do not depend on blocking.
 *
 * <p>For each element of C: {@code s = +0}; for k ascending {@code s = fma(a_k, b_k, s)}; {@code t = alpha s}; then
 * {@code C = t} if beta is 0 (C is not read), else {@code C = fma(beta, C, t)}. Each element is one chain of fma over
 * k, so neither vector width nor tiles nor threads nor the {@link GemmMethod} change it.
 */
final class Gemm {
    /** Depth of a block of k; a deeper panel of B would fall out of the cache. */
    static final int KC = 1024;

    /** Columns between two calls of the epilogue: long rows, but still in the L2 cache. */
    static final int EPILOGUE_COLUMNS = 256;

    private final GemmMethod[] methods;

    /** @param plan the method of each class of products */
    Gemm(WorkerPool pool, GemmPlan plan) {
        methods = plan.methods(pool);
    }

    /**
     * Computes {@code c = alpha op(a) op(b) + beta c}, where op transposes if the flag says so, and applies
     * {@code epilogue} to C. {@code c} overlaps neither {@code a} nor {@code b}.
     */
    void multiply(
            float alpha, Matrix a, boolean transA, Matrix b, boolean transB, float beta, Matrix c, Epilogue epilogue) {
        if (c.rows() > 0 && c.cols() > 0) {
            int k = transA ? a.rows() : a.cols();
            int productClass = GemmPlan.classOf(transA, transB, c.rows(), c.cols(), k);
            methods[productClass].multiply(alpha, a, transA, b, transB, beta, c, epilogue);
        }
    }

    static int roundUp(int value, int unit) {
        return (value + unit - 1) / unit * unit;
    }
}
