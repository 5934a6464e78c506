/**
 * The backend for NVIDIA GPUs: the driver API through JCuda, GEMM through cuBLAS, and kernels compiled at run time.
 * Libraries are located before any class of JCuda is loaded ({@link bpnn.cuda.Installation}).
 */
@NullMarked
package bpnn.cuda;

import org.jspecify.annotations.NullMarked;
