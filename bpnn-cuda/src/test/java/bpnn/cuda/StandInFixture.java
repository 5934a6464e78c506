package bpnn.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.spi.Availability;
import bpnn.spi.Backend;
import bpnn.spi.BackendConfig;
import bpnn.spi.ElementType;
import bpnn.spi.Matrix;
import bpnn.spi.Numerics;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The backend on the CPU stand-in for CUDA; tests are skipped if the stand-in cannot be built. */
final class StandInFixture {
    private static boolean used;

    private StandInFixture() {}

    /** A provider that finds only the stand-in. */
    static CudaBackendProvider provider() {
        Path folder = StandIn.folder();
        System.setProperty(Settings.LIBRARIES, folder.toString());
        System.setProperty(Settings.CACHE, cache(folder).toString());
        CudaBackendProvider provider = new CudaBackendProvider();
        assertThat(provider.probe())
                .isInstanceOfSatisfying(
                        Availability.Available.class,
                        available -> assertThat(available.device()).startsWith("CUDA stand-in (CPU)"));
        used = true;
        StandIn.Setting.LAZY.set(0);
        return provider;
    }

    /** Kernels compiled by another build of the stand-in are unusable. */
    static Path cache(Path folder) {
        return folder.resolveSibling("cache-" + folder.getFileName()).toAbsolutePath();
    }

    /** The same in lazy mode: work is executed only when something waits for it. */
    static CudaBackendProvider lazyProvider() {
        CudaBackendProvider provider = provider();
        StandIn.Setting.LAZY.set(1);
        return provider;
    }

    static BackendConfig config(Numerics numerics) {
        return new BackendConfig(Optional.of(numerics), 0, Map.of());
    }

    /** A float32 matrix with these values. */
    static Matrix matrix(Backend backend, int rows, int cols, float[] values) {
        Matrix matrix = new Matrix(backend.allocate(ElementType.FLOAT32, rows * cols), 0, rows, cols);
        matrix.buffer().upload(0, values, 0, values.length);
        return matrix;
    }

    static Backend open(Numerics numerics) {
        return provider().open(config(numerics));
    }

    /**
     * Asserts that all driver resources were released; called after each test, when its backend is closed.
     */
    static void assertNoLeaks() {
        if (used) {
            for (StandIn.Counter counter : StandIn.Counter.values()) {
                if (counter.name().startsWith("LIVE_")) {
                    assertThat(counter.value()).as(counter.name()).isZero();
                }
            }
        }
    }
}
