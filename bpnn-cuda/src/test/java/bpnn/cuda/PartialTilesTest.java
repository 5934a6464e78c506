package bpnn.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.random.Purpose;
import bpnn.random.RandomStream;
import bpnn.spi.Activation;
import bpnn.spi.Backend;
import bpnn.spi.Matrix;
import bpnn.spi.Numerics;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Weight gradients of large batches, whose sums several blocks share. */
@Tag("once")
class PartialTilesTest {
    /** Sides that are no multiples of tile, panel or vector; two tiles. */
    private static final int BATCH = 2_083;

    private static final int IN = 67;
    private static final int OUT = 33;
    private static final int MULTIPROCESSORS = 4;
    /** u = 2⁻²⁴. */
    private static final double ROUNDING = 0x1p-24;

    @AfterEach
    void noResourceLeaks() {
        StandIn.Setting.MULTIPROCESSORS.set(MULTIPROCESSORS);
        StandIn.Setting.LAZY.set(0);
        StandInFixture.assertNoLeaks();
    }

    private static float[] values(int count, int seed) {
        RandomStream random = new RandomStream(seed, Purpose.SYNTHETIC_DATA, 0, 0);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = 2 * random.nextFloat() - 1;
        }
        return values;
    }

    /** xᵀ dz, computed {@code times} in a row. */
    private static float[] gradient(Numerics numerics, int multiprocessors, boolean lazy, int times) {
        CudaBackendProvider provider = lazy ? StandInFixture.lazyProvider() : StandInFixture.provider();
        StandIn.Setting.MULTIPROCESSORS.set(multiprocessors);
        try (Backend backend = provider.open(StandInFixture.config(numerics))) {
            Matrix x = StandInFixture.matrix(backend, BATCH, IN, values(BATCH * IN, 1));
            Matrix dz = StandInFixture.matrix(backend, BATCH, OUT, values(BATCH * OUT, 2));
            Matrix w = StandInFixture.matrix(backend, IN, OUT, new float[IN * OUT]);
            Matrix dw = StandInFixture.matrix(backend, IN, OUT, new float[IN * OUT]);
            for (int i = 0; i < times; i++) {
                backend.kernels().fill(dw, 0);
                backend.kernels().denseLayerBackward(x, w, Activation.IDENTITY, dz, null, dz, dz, dw, null, null);
            }
            float[] result = new float[IN * OUT];
            dw.buffer().download(0, result, 0, result.length);
            return result;
        }
    }

    @Test
    void aSumOfPartsIsAsAccurateAsOne() {
        float[] whole = gradient(Numerics.FAST, 1, false, 1);
        float[] shared = gradient(Numerics.FAST, MULTIPROCESSORS, false, 1);
        assertThat(shared).isNotEqualTo(whole);
        float[] x = values(BATCH * IN, 1);
        float[] dz = values(BATCH * OUT, 2);
        for (int i = 0; i < IN; i++) {
            for (int j = 0; j < OUT; j++) {
                double sum = 0;
                double magnitude = 0;
                for (int b = 0; b < BATCH; b++) {
                    double product = (double) x[b * IN + i] * dz[b * OUT + j];
                    sum += product;
                    magnitude += Math.abs(product);
                }
                assertThat(Math.abs(shared[i * OUT + j] - sum)).isLessThan(ROUNDING * magnitude);
            }
        }
    }

    /** Blocks in ascending and descending order, and counters that are zero again for the next launch. */
    @Test
    void bitsDoNotDependOnTheOrderOfTheBlocks() {
        float[] once = gradient(Numerics.FAST, MULTIPROCESSORS, false, 1);
        assertThat(gradient(Numerics.FAST, MULTIPROCESSORS, true, 1)).isEqualTo(once);
        assertThat(gradient(Numerics.FAST, MULTIPROCESSORS, false, 3)).isEqualTo(once);
    }

    @Test
    void exactSumsAreNotSplit() {
        assertThat(gradient(Numerics.EXACT, MULTIPROCESSORS, false, 1))
                .isEqualTo(gradient(Numerics.EXACT, 1, false, 1));
    }

    /** Tiles of 64 by 64 for 784x512, 512x512 and 512x10 on 132 multiprocessors: a block each, four on a multiprocessor. */
    @ParameterizedTest
    @CsvSource({
        "176, 512, 1",
        "176, 1024, 2",
        "176, 4096, 3",
        "176, 2656, 3",
        "1, 1000000, 528",
        "528, 4096, 1",
        "600, 4096, 1",
        "0, 4096, 8"
    })
    void partsFillTheGpu(int tiles, int batch, int parts) {
        assertThat(PartialTiles.parts(528, tiles, batch)).isEqualTo(parts);
    }
}
