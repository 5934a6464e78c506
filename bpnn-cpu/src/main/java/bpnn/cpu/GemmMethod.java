package bpnn.cpu;

import bpnn.spi.Matrix;

/** A way to compute {@link Gemm}. All ways give the same bits, since each element is one chain of fma over k. */
interface GemmMethod {
    /** See {@link Gemm#multiply}; C is not empty. */
    void multiply(
            float alpha, Matrix a, boolean transA, Matrix b, boolean transB, float beta, Matrix c, Epilogue epilogue);
}
