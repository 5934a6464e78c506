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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Behaviour and messages of the backend when the GPU fails. */
@Tag("once")
class FaultTest {
    @AfterEach
    void noResourceLeaks() {
        StandInFixture.assertNoLeaks();
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
    void onlyCloseWorksAfterAFailedKernel() {
        try (Backend backend = StandInFixture.open(Numerics.EXACT)) {
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
        try (Backend again = StandInFixture.open(Numerics.EXACT)) {
            Matrix x = matrix(again);
            again.kernels().fill(x, 3);
            assertThat(first(x)).isEqualTo(3);
        }
    }

    /** An asynchronous kernel failure may be reported by any later call, here by the first one in close. */
    @ParameterizedTest
    @EnumSource(Numerics.class)
    void aFailureDetectedOnCloseStillReleasesEverything(Numerics numerics) {
        Backend backend = StandInFixture.open(numerics);
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
        StandInFixture.assertNoLeaks();
        backend.close();
        try (Backend again = StandInFixture.open(numerics)) {
            Matrix y = matrix(again);
            again.kernels().fill(y, 3);
            assertThat(first(y)).isEqualTo(3);
        }
    }

    /** Another user of the primary context in this process has broken it. */
    @Test
    void aFailedOpenReleasesTheContext() {
        CudaBackendProvider provider = StandInFixture.provider();
        CUdevice device = new CUdevice();
        JCudaDriver.cuDeviceGet(device, 0);
        assertThat(JCudaDriver.cuDevicePrimaryCtxRetain(new CUcontext(), device))
                .isZero();
        try {
            Backend backend = StandInFixture.open(Numerics.EXACT);
            StandIn.Setting.LAUNCH_FAILS.set(1);
            backend.kernels().fill(matrix(backend), 1);
            assertThatThrownBy(backend::close).isInstanceOf(BackendException.class);
            assertThatThrownBy(() -> provider.open(StandInFixture.config(Numerics.EXACT)))
                    .isInstanceOf(BackendException.class)
                    .hasMessageContaining("failed while");
        } finally {
            StandIn.Setting.LAUNCH_FAILS.set(0);
            JCudaDriver.cuDevicePrimaryCtxRelease(device);
        }
        provider.open(StandInFixture.config(Numerics.EXACT)).close();
    }

    @Test
    void anOpenWithoutMemoryReleasesEverything() {
        CudaBackendProvider provider = StandInFixture.provider();
        StandIn.Setting.ALLOCATION_FAILS.set(1);
        try {
            assertThatThrownBy(() -> provider.open(StandInFixture.config(Numerics.FAST)))
                    .isInstanceOf(BackendException.class)
                    .hasMessageContaining("no room for 32 MiB");
        } finally {
            StandIn.Setting.ALLOCATION_FAILS.set(0);
        }
        StandInFixture.assertNoLeaks();
    }

    @Test
    void outOfMemoryReportsSizes() {
        try (Backend backend = StandInFixture.open(Numerics.EXACT)) {
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
