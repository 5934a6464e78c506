package bpnn.cuda;

import bpnn.spi.Matrix;

/** An implementation of {@link bpnn.spi.Kernels#gemm} for a non-empty C. */
interface Gemm {
    void multiply(float alpha, Matrix a, boolean transA, Matrix b, boolean transB, float beta, Matrix c);
}
