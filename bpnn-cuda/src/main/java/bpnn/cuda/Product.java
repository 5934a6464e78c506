package bpnn.cuda;

import bpnn.spi.Matrix;

/** How matrices are multiplied: {@link bpnn.spi.Kernels#gemm}, with C not empty. */
interface Product {
    void multiply(float alpha, Matrix a, boolean transA, Matrix b, boolean transB, float beta, Matrix c);
}
