/**
 * The backend for NVIDIA GPUs: the driver API through JCuda, products through cuBLAS, and kernels compiled for the device
 * at hand. What may be missing is looked for before any class of JCuda is touched ({@link bpnn.cuda.Installation}).
 */
@NullMarked
package bpnn.cuda;

import org.jspecify.annotations.NullMarked;
