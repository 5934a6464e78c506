package bpnn.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import jcuda.driver.CUdeviceptr;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The sanitizer of the stand-in finds faults that a GPU shows rarely, and has nothing to say about right kernels. */
@Tag("once")
@EnabledIfSystemProperty(named = StandIn.SANITIZED, matches = "true")
class SanitizerTest {
    private static final int THREADS = 64;
    private static final int BLOCKS = 2;

    private static final String SOURCE = """
            #define KERNEL extern "C" __global__ void __launch_bounds__(64)
            #define N 64

            template <bool BARRIER>
            static __device__ void reversed(const float *x, float *y) {
              __shared__ float tile[N];
              tile[threadIdx.x] = x[threadIdx.x];
              if (BARRIER) {
                __syncthreads();
              }
              y[blockIdx.x * N + threadIdx.x] = tile[N - 1 - threadIdx.x];
            }
            KERNEL barrier(const float *x, float *y, unsigned *counter) { reversed<true>(x, y); }
            KERNEL no_barrier(const float *x, float *y, unsigned *counter) { reversed<false>(x, y); }

            // Written again, before others have read it.
            template <bool BARRIER>
            static __device__ void twice(const float *x, float *y) {
              __shared__ float tile[N];
              float sum = 0;
              for (int i = 0; i < 2; i++) {
                tile[threadIdx.x] = x[threadIdx.x] + i;
                __syncthreads();
                sum += tile[(threadIdx.x + 1) % N];
                if (BARRIER) {
                  __syncthreads();
                }
              }
              y[blockIdx.x * N + threadIdx.x] = sum;
            }
            KERNEL barrier_behind(const float *x, float *y, unsigned *counter) { twice<true>(x, y); }
            KERNEL no_barrier_behind(const float *x, float *y, unsigned *counter) { twice<false>(x, y); }

            template <bool BARRIER>
            static __device__ void neighbour(const float *x, float *y) {
              __shared__ float tile[N];
              tile[threadIdx.x] = x[threadIdx.x];
              if (BARRIER) {
                __syncwarp();
              } else {
                __shfl_sync(0xffffffff, 1, 0);
              }
              y[blockIdx.x * N + threadIdx.x] = tile[threadIdx.x ^ 1];
            }
            KERNEL barrier_of_warp(const float *x, float *y, unsigned *counter) { neighbour<true>(x, y); }
            KERNEL shuffle_of_warp(const float *x, float *y, unsigned *counter) { neighbour<false>(x, y); }

            KERNEL barrier_of_other_warp(const float *x, float *y, unsigned *counter) {
              __shared__ float tile[N];
              tile[threadIdx.x] = x[threadIdx.x];
              __syncwarp();
              y[blockIdx.x * N + threadIdx.x] = tile[threadIdx.x ^ 32];
            }

            // The last block sums what all have stored.
            template <bool FENCE, bool BARRIER>
            static __device__ void sum(const float *x, float *y, unsigned *counter) {
              __shared__ bool last;
              y[blockIdx.x * N + threadIdx.x] = x[threadIdx.x];
              if (BARRIER) {
                __syncthreads();
              }
              if (threadIdx.x == 0) {
                if (FENCE) {
                  __threadfence();
                }
                last = atomicAdd(counter, 1u) == gridDim.x - 1;
                if (FENCE) {
                  __threadfence();
                }
              }
              __syncthreads();
              if (last) {
                float sum = 0;
                for (unsigned b = 0; b < gridDim.x; b++) {
                  sum += y[b * N + threadIdx.x];
                }
                y[threadIdx.x] = sum;
              }
            }
            KERNEL fences(const float *x, float *y, unsigned *counter) { sum<true, true>(x, y, counter); }
            KERNEL no_fences(const float *x, float *y, unsigned *counter) { sum<false, true>(x, y, counter); }
            KERNEL fence_of_one_thread(const float *x, float *y, unsigned *counter) { sum<true, false>(x, y, counter); }

            KERNEL same_element(const float *x, float *y, unsigned *counter) { y[threadIdx.x] = x[threadIdx.x]; }

            KERNEL read_by_one_written_by_other(const float *x, float *y, unsigned *counter) {
              if (blockIdx.x == 0) {
                y[threadIdx.x] = x[threadIdx.x];
              } else {
                ((float *)x)[threadIdx.x] = 1;
              }
            }

            KERNEL not_written(const float *x, float *y, unsigned *counter) {
              y[blockIdx.x * N + threadIdx.x] = y[blockIdx.x * N + threadIdx.x] + 1;
            }

            KERNEL shared_not_written(const float *x, float *y, unsigned *counter) {
              __shared__ float tile[N];
              if (blockIdx.x == 0) {
                tile[threadIdx.x] = x[threadIdx.x];
              }
              __syncthreads();
              y[blockIdx.x * N + threadIdx.x] = tile[threadIdx.x];
            }

            KERNEL out_of_bounds(const float *x, float *y, unsigned *counter) {
              y[blockIdx.x * N + threadIdx.x] = x[N * blockIdx.x + threadIdx.x];
            }

            KERNEL misaligned(const float *x, float *y, unsigned *counter) {
              y[blockIdx.x * N + threadIdx.x] = (float)*(const double *)(x + threadIdx.x % (N - 1));
            }

            template <int WAIT>
            static __device__ void copy(const float *x, float *y) {
              __shared__ float tile[2][N];
              copy_async<4>(tile[0] + threadIdx.x, x + threadIdx.x, true);
              commit_copies();
              copy_async<4>(tile[1] + threadIdx.x, x + threadIdx.x, true);
              commit_copies();
              wait_for_copies<WAIT>();
              __syncthreads();
              y[blockIdx.x * N + threadIdx.x] = tile[0][N - 1 - threadIdx.x];
              wait_for_copies<0>();
            }
            KERNEL copy_waited_for(const float *x, float *y, unsigned *counter) { copy<1>(x, y); }
            KERNEL copy_not_waited_for(const float *x, float *y, unsigned *counter) { copy<2>(x, y); }
            """;

    @ParameterizedTest
    @CsvSource({
        "barrier, NOTHING",
        "no_barrier, RACE_IN_BLOCK",
        "barrier_behind, NOTHING",
        "no_barrier_behind, RACE_IN_BLOCK",
        "barrier_of_warp, NOTHING",
        "shuffle_of_warp, RACE_IN_BLOCK",
        "barrier_of_other_warp, RACE_IN_BLOCK",
        "fences, NOTHING",
        "no_fences, RACE_OF_BLOCKS",
        "fence_of_one_thread, RACE_OF_BLOCKS",
        "same_element, RACE_OF_BLOCKS",
        "read_by_one_written_by_other, RACE_OF_BLOCKS",
        "not_written, NEVER_WRITTEN",
        "shared_not_written, NEVER_WRITTEN",
        "out_of_bounds, OUT_OF_BOUNDS",
        "misaligned, MISALIGNED",
        "copy_waited_for, NOTHING",
        "copy_not_waited_for, COPY_IN_FLIGHT"
    })
    void findings(String kernel, StandIn.Finding expected) throws IOException {
        try (TinyProgram program = new TinyProgram(SOURCE)) {
            CUdeviceptr x = program.upload(new float[THREADS]);
            CUdeviceptr y = program.allocate(BLOCKS * THREADS);
            program.launch(kernel, BLOCKS, THREADS, x, y, program.upload(0));
            if (expected == StandIn.Finding.NOTHING) {
                program.synchronize();
            } else {
                assertThatThrownBy(program::synchronize).hasMessageContaining("CUDA_ERROR_LAUNCH_FAILED");
            }
            assertThat(StandIn.Finding.now()).isEqualTo(expected);
        }
    }
}
