package bpnn.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

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
            """;

    @Test
    void aKernelRuns() throws IOException {
        try (TinyProgram program = new TinyProgram(SOURCE)) {
            var x = program.upload(1, 2, 3, 4, 5);
            var y = program.allocate(5);
            program.launch("twice", 2, 4, x, y, 5);
            program.synchronize();
            assertThat(program.download(y, 5)).containsExactly(2, 4, 6, 8, 10);
            program.launch("reversed", 1, 5, x, y);
            program.synchronize();
            assertThat(program.download(y, 5)).containsExactly(5, 4, 3, 2, 1);
        }
    }

    @Test
    void anErrorOfTheSourceNamesItsLine() {
        assertThatThrownBy(() -> TinyProgram.compile("extern \"C\" __global__ void f() {\n  nonsense;\n}\n"))
                .hasMessageContaining("NVRTC_ERROR_COMPILATION")
                .hasMessageContaining("tiny.cu:2");
    }
}
