package bpnn.nd4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bpnn.spi.Availability.Available;
import bpnn.spi.Backend;
import bpnn.spi.BackendConfig;
import bpnn.spi.BackendException;
import bpnn.spi.BackendProvider;
import bpnn.spi.Buffer;
import bpnn.spi.ElementType;
import bpnn.spi.Matrix;
import bpnn.spi.Numerics;
import bpnn.spi.UnaryOp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class Nd4jBackendTest {
    private final BackendProvider provider = new Nd4jBackendProvider();

    @BeforeAll
    static void here() {
        Platform.assume();
    }

    @Test
    void serviceLoaderFindsIt() {
        assertThat(ServiceLoader.load(BackendProvider.class)).hasAtLeastOneElementOfType(Nd4jBackendProvider.class);
        assertThat(provider.id()).isEqualTo("nd4j");
        assertThat(provider.priority()).isLessThan(100);
    }

    @Test
    void exactNumericsAreRejected() {
        BackendConfig exact = new BackendConfig(Optional.of(Numerics.EXACT), 0, Map.of());
        assertThatThrownBy(() -> provider.open(exact))
                .isInstanceOf(BackendException.class)
                .hasMessageContaining("--numerics fast");
    }

    @Test
    void reportsDeviceAndFacts() {
        try (Backend backend = provider.open(new BackendConfig(Optional.of(Numerics.FAST), 1, Map.of()))) {
            assertThat(backend.facts())
                    .containsEntry("threads", "1")
                    .containsEntry("nd4j", "1.0.0-M2.1")
                    .containsEntry("blas", "OPENBLAS");
            assertThat(backend.device()).startsWith("1 core ");
        }
        assertThat(provider.probe()).isInstanceOf(Available.class);
    }

    /** 1.5 GB in total: memory is freed when a buffer is closed, not by the garbage collector. */
    @Test
    void closedMemoryIsFreedImmediately() throws IOException {
        try (Backend backend = provider.open(BackendConfig.defaults())) {
            long before = residentMegabytes();
            for (int i = 0; i < 6; i++) {
                backend.allocate(ElementType.FLOAT32, 1 << 26).close();
            }
            assertThat(residentMegabytes()).isLessThan(before + 600);
            assertThat(backend.liveBuffers()).isZero();
        }
    }

    private static long residentMegabytes() throws IOException {
        String line = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(status -> status.startsWith("VmRSS:"))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(line.replaceAll("\\D", "")) >> 10;
    }

    /** The tanh of ND4J has lost all digits here. */
    @Test
    void tanhOfSmallNumbersIsAccurate() {
        try (Backend backend = provider.open(BackendConfig.defaults());
                Buffer buffer = backend.allocate(ElementType.FLOAT32, 4)) {
            float[] values = {1e-3f, -1e-6f, 1e-20f, Float.NaN};
            buffer.upload(0, values, 0, 4);
            Matrix matrix = new Matrix(buffer, 0, 1, 4);
            backend.kernels().map(UnaryOp.TANH, matrix, matrix);
            float[] found = new float[4];
            buffer.download(0, found, 0, 4);
            for (int i = 0; i < 3; i++) {
                float expected = (float) Math.tanh(values[i]);
                assertThat(found[i]).isCloseTo(expected, Offset.offset(4 * Math.ulp(expected)));
            }
            assertThat(found[3]).isNaN();
        }
    }
}
