package bpnn.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import jcuda.Pointer;
import jcuda.Sizeof;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.JCudaDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The stand-in is at least as strict as a GPU; these are the errors that it must detect. */
class StandInTest {
    private static final String SOURCE = """
            extern "C" __global__ void twice(const float *x, float *y, int n) {
              int i = blockIdx.x * blockDim.x + threadIdx.x;
              if (i < n) {
                y[i] = 2 * x[i];
              }
            }

            extern "C" __global__ void __launch_bounds__(256) reversed(const float *x, float *y) {
              __shared__ float tile[256];
              tile[threadIdx.x] = x[threadIdx.x];
              __syncthreads();
              y[threadIdx.x] = tile[blockDim.x - 1 - threadIdx.x];
            }

            extern "C" __global__ void half_a_barrier(float *y) {
              if (threadIdx.x % 2 == 0) {
                __syncthreads();
              }
              y[threadIdx.x] = 1;
            }

            extern "C" __global__ void sum_of_warp(const float *x, float *y) {
              float sum = x[threadIdx.x];
              for (int distance = 16; distance > 0; distance /= 2) {
                sum += __shfl_xor_sync(0xffffffff, sum, distance);
              }
              y[threadIdx.x] = sum;
            }

            extern "C" __global__ void multiply_add(const float *x, float *y) {
              y[0] = x[0] * x[1] + x[2];
            }
            """;

    @AfterEach
    void resetFaults() {
        StandIn.Setting.LAZY.set(0);
        StandIn.Setting.MEMORY.set(1 << 30);
        StandIn.Setting.DEVICES.set(1);
    }

    @Test
    void aKernelRunsInBlocksWithBarriers() throws IOException {
        try (TinyProgram program = new TinyProgram(SOURCE)) {
            CUdeviceptr x = program.upload(1, 2, 3, 4, 5);
            CUdeviceptr y = program.allocate(5);
            program.launch("twice", 2, 4, x, y, 5);
            program.synchronize();
            assertThat(program.download(y, 5)).containsExactly(2, 4, 6, 8, 10);
            program.launch("reversed", 1, 5, x, y);
            program.synchronize();
            assertThat(program.download(y, 5)).containsExactly(5, 4, 3, 2, 1);
        }
    }

    @Test
    void lanesOfAWarpExchangeValues() throws IOException {
        try (TinyProgram program = new TinyProgram(SOURCE)) {
            float[] ones = new float[64];
            for (int i = 0; i < 64; i++) {
                ones[i] = i < 32 ? 1 : 2;
            }
            CUdeviceptr y = program.allocate(64);
            program.launch("sum_of_warp", 1, 64, program.upload(ones), y);
            program.synchronize();
            float[] sums = program.download(y, 64);
            assertThat(sums[0]).isEqualTo(32);
            assertThat(sums[63]).isEqualTo(64);
        }
    }

    @Test
    void leaksAreCounted() throws IOException {
        TinyProgram program = new TinyProgram(SOURCE);
        program.allocate(10);
        JCudaDriver.cuMemFree(program.allocate(20));
        assertThat(program.release()).isEqualTo(1);
    }

    @Test
    void newMemoryIsNaN() throws IOException {
        try (TinyProgram program = new TinyProgram(SOURCE)) {
            assertThat(program.download(program.allocate(2), 2)).containsOnly(Float.NaN);
        }
    }

    @Test
    void aBarrierThatOnlySomeThreadsReachIsAFailure() throws IOException {
        try (TinyProgram program = new TinyProgram(SOURCE)) {
            CUdeviceptr y = program.allocate(64);
            program.launch("half_a_barrier", 1, 64, y);
            assertThatThrownBy(program::synchronize).hasMessageContaining("CUDA_ERROR_LAUNCH_FAILED");
            // Nothing works any more in this context.
            assertThatThrownBy(() -> program.allocate(1)).hasMessageContaining("CUDA_ERROR_LAUNCH_FAILED");
        }
    }

    @Test
    void outOfBoundsWritesAreDetected() throws IOException {
        try (TinyProgram program = new TinyProgram(SOURCE)) {
            CUdeviceptr x = program.upload(new float[8]);
            program.launch("twice", 1, 8, x, program.allocate(7), 8);
            assertThatThrownBy(program::synchronize).hasMessageContaining("CUDA_ERROR_ILLEGAL_ADDRESS");
        }
    }

    @Test
    void outOfBoundsReadsGiveNaN() throws IOException {
        try (TinyProgram program = new TinyProgram(SOURCE)) {
            CUdeviceptr y = program.allocate(8);
            program.launch("twice", 1, 8, program.upload(new float[7]), y, 8);
            program.synchronize();
            assertThat(program.download(y, 8)[7]).isNaN();
        }
    }

    @Test
    void copiesStayWithinTheirAllocation() throws IOException {
        try (TinyProgram program = new TinyProgram(SOURCE)) {
            CUdeviceptr x = program.allocate(4);
            assertThatThrownBy(() -> program.download(x, 5)).hasMessageContaining("CUDA_ERROR_INVALID_VALUE");
        }
    }

    @Test
    void lazyModeRevealsAMissingSynchronisation() throws IOException {
        try (TinyProgram program = new TinyProgram(SOURCE)) {
            CUdeviceptr x = program.upload(1, 2);
            CUdeviceptr y = program.allocate(2);
            StandIn.Setting.LAZY.set(1);
            program.launch("twice", 1, 2, x, y, 2);
            assertThat(program.download(y, 2)).containsOnly(Float.NaN);
            program.synchronize();
            assertThat(program.download(y, 2)).containsExactly(2, 4);
        }
    }

    @Test
    void aCapturedStepIsReplayedAndNotRunWhileCaptured() throws IOException {
        try (TinyProgram program = new TinyProgram(SOURCE)) {
            CUdeviceptr x = program.upload(1, 2);
            CUdeviceptr y = program.upload(0, 0);
            CUgraph graph = new CUgraph();
            JCudaDriver.cuStreamBeginCapture(program.stream, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL);
            program.launch("twice", 1, 2, x, y, 2);
            program.launch("twice", 1, 2, y, x, 2);
            JCudaDriver.cuStreamEndCapture(program.stream, graph);
            assertThat(program.download(y, 2)).containsExactly(0, 0);
            CUgraphExec step = new CUgraphExec();
            JCudaDriver.cuGraphInstantiate(step, graph, 0);
            JCudaDriver.cuGraphLaunch(step, program.stream);
            JCudaDriver.cuGraphLaunch(step, program.stream);
            program.synchronize();
            assertThat(program.download(x, 2)).containsExactly(16, 32);
            JCudaDriver.cuGraphExecDestroy(step);
            JCudaDriver.cuGraphDestroy(graph);
        }
        assertThat(StandIn.Counter.LIVE_GRAPHS.value()).isZero();
    }

    @Test
    void unsupportedCallsInvalidateTheCapture() throws IOException {
        try (TinyProgram program = new TinyProgram(SOURCE)) {
            JCudaDriver.cuStreamBeginCapture(program.stream, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL);
            assertThatThrownBy(() -> program.allocate(1)).hasMessageContaining("CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED");
            assertThatThrownBy(() -> JCudaDriver.cuStreamEndCapture(program.stream, new CUgraph()))
                    .hasMessageContaining("CUDA_ERROR_STREAM_CAPTURE_INVALIDATED");
        }
    }

    @Test
    void pinnedMemoryIsReadInStreamOrder() throws IOException {
        try (TinyProgram program = new TinyProgram(SOURCE)) {
            Pointer host = new Pointer();
            JCudaDriver.cuMemAllocHost(host, Sizeof.FLOAT);
            var values = host.getByteBuffer(0, Sizeof.FLOAT)
                    .order(java.nio.ByteOrder.nativeOrder())
                    .asFloatBuffer();
            CUdeviceptr x = program.allocate(1);
            StandIn.Setting.LAZY.set(1);
            values.put(0, 1);
            JCudaDriver.cuMemcpyHtoDAsync(x, host, Sizeof.FLOAT, program.stream);
            values.put(0, 2);
            program.synchronize();
            assertThat(program.download(x, 1)).containsExactly(2);
            JCudaDriver.cuMemFreeHost(host);
        }
    }

    @Test
    void faultsAreInjectedOnRequest() throws IOException {
        try (TinyProgram program = new TinyProgram(SOURCE)) {
            CUdeviceptr x = program.upload(1);
            StandIn.Setting.MEMORY.set(1000);
            assertThatThrownBy(() -> program.allocate(250)).hasMessageContaining("CUDA_ERROR_OUT_OF_MEMORY");
            StandIn.Setting.ALLOCATION_FAILS.set(2);
            program.allocate(1);
            assertThatThrownBy(() -> program.allocate(1)).hasMessageContaining("CUDA_ERROR_OUT_OF_MEMORY");
            StandIn.Setting.LAUNCH_FAILS.set(2);
            program.launch("twice", 1, 1, x, x, 1);
            program.synchronize();
            program.launch("twice", 1, 1, x, x, 1);
            assertThatThrownBy(program::synchronize).hasMessageContaining("CUDA_ERROR_LAUNCH_FAILED");
        }
        StandIn.Setting.DEVICES.set(0);
        assertThatThrownBy(() -> JCudaDriver.cuInit(0)).hasMessageContaining("CUDA_ERROR_NO_DEVICE");
    }

    @Test
    void missingFunctionsReportNotSupported() throws IOException {
        try (TinyProgram program = new TinyProgram(SOURCE)) {
            assertThatThrownBy(() -> JCudaDriver.cuStreamWaitValue32(program.stream, program.allocate(1), 0, 0))
                    .hasMessageContaining("CUDA_ERROR_NOT_SUPPORTED");
        }
    }

    @Test
    void contractionFollowsTheCompilerFlag() throws IOException {
        float a = 1 + 0x1p-12f;
        assertThat(multiplyAdd(a, a, -1, "--fmad=true")).isEqualTo(Math.fma(a, a, -1f));
        assertThat(multiplyAdd(a, a, -1, "--fmad=false")).isEqualTo(a * a - 1).isNotEqualTo(Math.fma(a, a, -1f));
    }

    private static float multiplyAdd(float a, float b, float c, String option) throws IOException {
        try (TinyProgram program = new TinyProgram(SOURCE, option)) {
            CUdeviceptr y = program.allocate(1);
            program.launch("multiply_add", 1, 1, program.upload(a, b, c), y);
            program.synchronize();
            return program.download(y, 1)[0];
        }
    }

    @Test
    void compileErrorsNameTheLine() {
        assertThatThrownBy(() -> TinyProgram.compile("extern \"C\" __global__ void f() {\n  nonsense;\n}\n"))
                .hasMessageContaining("NVRTC_ERROR_COMPILATION")
                .hasMessageContaining("tiny.cu:2");
    }
}
