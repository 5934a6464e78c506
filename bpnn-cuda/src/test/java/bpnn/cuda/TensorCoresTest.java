package bpnn.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.spi.Activation;
import bpnn.spi.Backend;
import bpnn.spi.BackendConfig;
import bpnn.spi.Matrix;
import bpnn.spi.Numerics;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is not finite stays so when operands are split or rounded for tensor cores. */
@Tag("once")
class TensorCoresTest {
    private static final int ROWS = 40;
    private static final int DEPTH = 64;
    private static final int COLS = 48;
    private static final int ROW = 3;

    @AfterEach
    void noResourceLeaks() {
        StandInFixture.assertNoLeaks();
    }

    /** NaN as Java and as NVIDIA's GPUs write it, with either sign, and infinity. */
    @ParameterizedTest
    @CsvSource({
        "7fc00000, false",
        "7fffffff, false",
        "ffffffff, false",
        "7f800001, false",
        "7f800000, false",
        "ff800000, false",
        "7fc00000, true",
        "7fffffff, true",
        "ffffffff, true",
        "7f800000, true"
    })
    void neitherNanNorInfinityIsLost(String bits, boolean tf32) {
        float[] x = new float[ROWS * DEPTH];
        Arrays.fill(x, 0.3f);
        x[ROW * DEPTH + 5] = Float.intBitsToFloat(Integer.parseUnsignedInt(bits, 16));
        float[] w = new float[DEPTH * COLS];
        Arrays.fill(w, 0.7f);
        float[] y = new float[ROWS * COLS];
        CudaBackendProvider provider = StandInFixture.provider();
        Map<String, String> options = Map.of(Settings.TF32, Boolean.toString(tf32));
        try (Backend backend = provider.open(new BackendConfig(Optional.of(Numerics.FAST), 0, options))) {
            Matrix result = StandInFixture.matrix(backend, ROWS, COLS, y);
            backend.kernels()
                    .denseForward(
                            StandInFixture.matrix(backend, ROWS, DEPTH, x),
                            StandInFixture.matrix(backend, DEPTH, COLS, w),
                            null,
                            Activation.IDENTITY,
                            result);
            result.buffer().download(0, y, 0, y.length);
        }
        for (int i = 0; i < ROWS; i++) {
            for (int j = 0; j < COLS; j++) {
                assertThat(Float.isFinite(y[i * COLS + j])).as("row %d", i).isEqualTo(i != ROW);
            }
        }
    }
}
