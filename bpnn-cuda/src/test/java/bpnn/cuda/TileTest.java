package bpnn.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

/** Properties of the tiles shared by {@link Tile} and {@code kernels.cu} that the compiler cannot check. */
class TileTest {
    /** Minimum opt-in shared memory per block: on sm_75, and on every GPU from sm_80. */
    private static final int OF_TURING = 64 << 10;

    private static final int OF_AMPERE = 99 << 10;
    /** The part used by static arrays of a kernel. */
    private static final int STATIC = 1 << 10;

    private static final int MULTIPROCESSORS = 132;

    @Test
    void sharedMemoryFitsEveryGpu() {
        assertThat(mostSharedBytes(Tile.Choice.exact())).isLessThanOrEqualTo(OF_TURING - STATIC);
        assertThat(mostSharedBytes(Tile.Choice.tensor())).isLessThanOrEqualTo(OF_AMPERE - STATIC);
    }

    private static int mostSharedBytes(Tile.Choice choice) {
        int most = 0;
        for (Tile tile : choice.allLayers()) {
            most = Math.max(most, Math.max(tile.sharedBytes(true, false), tile.sharedBytes(true, true)));
        }
        for (Tile tile : choice.allWeights()) {
            most = Math.max(most, tile.sharedBytes(false, false));
        }
        return most;
    }

    @Test
    void aBatchOf128FillsTheMultiprocessorsOfAnH100() {
        for (Tile.Choice choice : Set.of(Tile.Choice.exact(), Tile.Choice.tensor())) {
            assertThat(choice.forLayer(128, 512, 784, MULTIPROCESSORS).blocks(128, 512))
                    .isEqualTo(128);
            assertThat(choice.forWeights(128, 512).blocks(784, 512)).isGreaterThan(MULTIPROCESSORS);
        }
    }

    /** Alone and in a fused step; tensor cores do not pay there. */
    @Test
    void narrowLayersUseFmaChains() {
        Tile.Choice choice = Tile.Choice.tensor();
        assertThat(choice.forLayer(128, 10, 512, MULTIPROCESSORS)).isEqualTo(choice.narrow());
        assertThat(choice.forLayer(128, 512, 10, MULTIPROCESSORS)).isEqualTo(choice.narrow());
        assertThat(choice.forWeights(128, 10)).isEqualTo(choice.narrowWeights());
        assertThat(choice.forWeights(StepKernels.MAX_BATCH + 1, 10)).isEqualTo(choice.largeWeights());
    }
}
