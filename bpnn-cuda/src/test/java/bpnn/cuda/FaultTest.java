package bpnn.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bpnn.spi.Backend;
import bpnn.spi.BackendException;
import bpnn.spi.Buffer;
import bpnn.spi.ElementType;
import bpnn.spi.Matrix;
import bpnn.spi.Numerics;
import org.junit.jupiter.api.Test;

/** What the backend says when the GPU fails. */
class FaultTest {
    private static Matrix matrix(Backend backend) {
        return new Matrix(backend.allocate(ElementType.FLOAT32, 10), 0, 2, 5);
    }

    private static float first(Matrix m) {
        float[] value = new float[1];
        m.buffer().download(0, value, 0, 1);
        return value[0];
    }

    @Test
    void afterAFailedKernelNothingWorksButClosing() {
        try (Backend backend = OnStandIn.open(Numerics.EXACT)) {
            Matrix x = matrix(backend);
            StandIn.Setting.LAUNCH_FAILS.set(1);
            backend.kernels().fill(x, 1);
            assertThatThrownBy(() -> first(x))
                    .isInstanceOf(BackendException.class)
                    .hasMessageContaining("CUDA stand-in (CPU) failed while")
                    .hasMessageContaining("CUDA_ERROR_LAUNCH_FAILED")
                    .hasMessageContaining("--resume");
            x.buffer().close();
            assertThat(backend.liveBuffers()).isZero();
        } finally {
            StandIn.Setting.LAUNCH_FAILS.set(0);
        }
        try (Backend again = OnStandIn.open(Numerics.EXACT)) {
            Matrix x = matrix(again);
            again.kernels().fill(x, 3);
            assertThat(first(x)).isEqualTo(3);
        }
    }

    @Test
    void memoryThatIsNotThereIsRefusedWithSizes() {
        try (Backend backend = OnStandIn.open(Numerics.EXACT)) {
            StandIn.Setting.MEMORY.set(10 << 20);
            assertThatThrownBy(() -> backend.allocate(ElementType.FLOAT32, 5 << 20))
                    .isInstanceOf(BackendException.class)
                    .hasMessageContaining("no room for 20 MiB")
                    .hasMessageContaining("are free")
                    .hasMessageContaining("--batch-size");
            Buffer small = backend.allocate(ElementType.FLOAT32, 100);
            assertThat(backend.liveBuffers()).isEqualTo(1);
            small.close();
        } finally {
            StandIn.Setting.MEMORY.set(Integer.MAX_VALUE);
        }
    }
}
