package bpnn.cuda;

import static jcuda.jcublas.cublasMath.CUBLAS_PEDANTIC_MATH;
import static jcuda.jcublas.cublasMath.CUBLAS_TF32_TENSOR_OP_MATH;
import static jcuda.jcublas.cublasOperation.CUBLAS_OP_N;
import static jcuda.jcublas.cublasOperation.CUBLAS_OP_T;
import static jcuda.jcublas.cublasStatus.CUBLAS_STATUS_SUCCESS;

import bpnn.spi.BackendException;
import bpnn.spi.Matrix;
import jcuda.Pointer;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasHandle;
import jcuda.jcublas.cublasStatus;
import jcuda.runtime.cudaStream_t;

/**
 * GEMM by cuBLAS. Only this class knows that cuBLAS is column-major: a row-major matrix is its transpose there, so it
 * computes Cᵀ = op(B)ᵀ op(A)ᵀ.
 */
final class CublasGemm implements Gemm, AutoCloseable {
    /** Workspace size recommended by cuBLAS for Hopper. Allocated up front, because a graph must not allocate. */
    private static final int WORKSPACE = 32 << 20;

    private final Gpu gpu;
    private final Gemm emptySums;
    private final cublasHandle handle = new cublasHandle();
    private final DevicePointer workspace;
    private final float[] alpha = new float[1];
    private final float[] beta = new float[1];
    private final Pointer alphaPointer = Pointer.to(alpha);
    private final Pointer betaPointer = Pointer.to(beta);
    private boolean closed;

    /**
     * cuBLAS must be loaded.
     *
     * @param tf32 whether operands may be rounded to TF32
     * @param emptySums computes products with inner dimension 0
     */
    CublasGemm(Gpu gpu, boolean tf32, Gemm emptySums) {
        this.gpu = gpu;
        this.emptySums = emptySums;
        // Memory first: if there is none, no handle is left open.
        workspace = gpu.allocate(WORKSPACE);
        check(JCublas2.cublasCreate(handle), "start");
        // The stream first, because setting it resets the workspace.
        check(JCublas2.cublasSetStream(handle, new cudaStream_t(gpu.stream())), "take a stream");
        check(JCublas2.cublasSetWorkspace(handle, workspace, WORKSPACE), "take a workspace");
        check(
                JCublas2.cublasSetMathMode(handle, tf32 ? CUBLAS_TF32_TENSOR_OP_MATH : CUBLAS_PEDANTIC_MATH),
                "take a precision");
    }

    /** The version of cuBLAS. */
    String version() {
        int[] version = new int[1];
        check(JCublas2.cublasGetVersion(handle, version), "tell its version");
        return version[0] / 10_000 + "." + version[0] / 100 % 100 + "." + version[0] % 100;
    }

    @Override
    public void multiply(float scale, Matrix a, boolean transA, Matrix b, boolean transB, float keep, Matrix c) {
        int depth = transA ? a.rows() : a.cols();
        if (depth == 0) {
            emptySums.multiply(scale, a, transA, b, transB, keep, c);
            return;
        }
        gpu.flush();
        gpu.enter();
        alpha[0] = scale;
        beta[0] = keep;
        check(
                JCublas2.cublasSgemm(
                        handle,
                        transB ? CUBLAS_OP_T : CUBLAS_OP_N,
                        transA ? CUBLAS_OP_T : CUBLAS_OP_N,
                        c.cols(),
                        c.rows(),
                        depth,
                        alphaPointer,
                        DeviceBuffer.pointer(b),
                        b.cols(),
                        DeviceBuffer.pointer(a),
                        a.cols(),
                        betaPointer,
                        DeviceBuffer.pointer(c),
                        c.cols()),
                "multiply");
    }

    private void check(int result, String doing) {
        if (result != CUBLAS_STATUS_SUCCESS) {
            throw new BackendException("cuBLAS does not " + doing + " on "
                    + gpu.device().name() + ": "
                    + cublasStatus.stringFor(result) + ". See whether nvidia-smi still lists the GPU and shows free"
                    + " memory; then go on from the last checkpoint with --resume, or train without the GPU with"
                    + " -Dbackend=cpu.");
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            gpu.release(JCublas2.cublasDestroy(handle));
            gpu.free(workspace);
        }
    }
}
