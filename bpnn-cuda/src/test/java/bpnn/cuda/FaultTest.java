package bpnn.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bpnn.spi.Backend;
import bpnn.spi.BackendException;
import bpnn.spi.Buffer;
import bpnn.spi.ElementType;
import bpnn.spi.Matrix;
import bpnn.spi.Numerics;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.JCudaDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the backend says when the GPU fails. */
class FaultTest {
    @AfterEach
    void nothingIsLeft() {
        OnStandIn.assertNothingIsLeft();
    }

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

    /** The failure of a kernel may be told by whatever call comes next, here by the first one of closing. */
    @ParameterizedTest
    @EnumSource(Numerics.class)
    void whatFailsUnnoticedUntilClosingStillGivesEverythingBack(Numerics numerics) {
        Backend backend = OnStandIn.open(numerics);
        Matrix x = matrix(backend);
        StandIn.Setting.LAUNCH_FAILS.set(1);
        try {
            backend.kernels().fill(x, 1);
            assertThatThrownBy(backend::close)
                    .isInstanceOf(BackendException.class)
                    .hasMessageContaining("CUDA_ERROR_LAUNCH_FAILED");
        } finally {
            StandIn.Setting.LAUNCH_FAILS.set(0);
        }
        OnStandIn.assertNothingIsLeft();
        backend.close();
        try (Backend again = OnStandIn.open(numerics)) {
            Matrix y = matrix(again);
            again.kernels().fill(y, 3);
            assertThat(first(y)).isEqualTo(3);
        }
    }

    /** Somebody else in this process uses the same context, and it is broken. */
    @Test
    void anOpeningThatFailsGivesTheContextBack() {
        CudaBackendProvider provider = OnStandIn.provider();
        CUdevice device = new CUdevice();
        JCudaDriver.cuDeviceGet(device, 0);
        assertThat(JCudaDriver.cuDevicePrimaryCtxRetain(new CUcontext(), device))
                .isZero();
        try {
            Backend backend = OnStandIn.open(Numerics.EXACT);
            StandIn.Setting.LAUNCH_FAILS.set(1);
            backend.kernels().fill(matrix(backend), 1);
            assertThatThrownBy(backend::close).isInstanceOf(BackendException.class);
            assertThatThrownBy(() -> provider.open(OnStandIn.config(Numerics.EXACT)))
                    .isInstanceOf(BackendException.class)
                    .hasMessageContaining("failed while");
        } finally {
            StandIn.Setting.LAUNCH_FAILS.set(0);
            JCudaDriver.cuDevicePrimaryCtxRelease(device);
        }
        provider.open(OnStandIn.config(Numerics.EXACT)).close();
    }

    @Test
    void anOpeningThatFindsNoMemoryLeavesNothing() {
        CudaBackendProvider provider = OnStandIn.provider();
        StandIn.Setting.ALLOCATION_FAILS.set(1);
        try {
            assertThatThrownBy(() -> provider.open(OnStandIn.config(Numerics.FAST)))
                    .isInstanceOf(BackendException.class)
                    .hasMessageContaining("no room for 32 MiB");
        } finally {
            StandIn.Setting.ALLOCATION_FAILS.set(0);
        }
        OnStandIn.assertNothingIsLeft();
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
