package bpnn.cpu;

import static bpnn.cpu.AgainstReference.integers;

import bpnn.spi.Activation;
import bpnn.spi.DropoutSpec;
import bpnn.spi.Matrix;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;

/** The layer kernels give the bits of the reference, which composes them from simpler kernels. */
class LayerKernelsTest {
    /** Batch, inputs and outputs. */
    private static final int[][] LAYERS = {{0, 3, 5}, {2, 1, 1}, {7, 5, 17}, {66, 9, 33}, {130, 70, 300}};

    private static final DropoutSpec PER_EXAMPLE = new DropoutSpec(0x123456789abcdefL, 1, 0.3f, false);
    private static final DropoutSpec PER_BATCH = new DropoutSpec(0x123456789abcdefL, 2, 0.6f, true);

    private AgainstReference backends;

    @AfterEach
    void close() {
        backends.close();
    }

    @ForThreads
    void denseDropoutForward(int threads) {
        backends = new AgainstReference(threads);
        for (int[] layer : LAYERS) {
            Supplier<List<Matrix>> operands = () -> List.of(
                    GuardedMatrix.uniform(layer[0], layer[1], 1),
                    GuardedMatrix.uniform(layer[1], layer[2], 2),
                    GuardedMatrix.uniform(1, layer[2], 3),
                    integers(3, 4, 5, 6),
                    GuardedMatrix.zeros(layer[0], layer[2]),
                    GuardedMatrix.zeros(layer[0], layer[2]),
                    GuardedMatrix.zeros(layer[0], layer[2]));
            for (DropoutSpec spec : List.of(PER_EXAMPLE, PER_BATCH)) {
                String what = "denseDropoutForward " + List.of(layer[0], layer[1], layer[2]) + " " + spec;
                for (boolean biased : new boolean[] {true, false}) {
                    backends.check(
                            what,
                            operands,
                            (k, x) -> k.denseDropoutForward(
                                    x.get(0),
                                    x.get(1),
                                    biased ? x.get(2) : null,
                                    Activation.TANH,
                                    spec,
                                    x.get(3),
                                    x.get(4),
                                    x.get(5),
                                    x.get(6)));
                }
            }
        }
    }

    @ForThreads
    void denseLayerBackward(int threads) {
        backends = new AgainstReference(threads);
        for (int[] layer : LAYERS) {
            for (Activation activation : Activation.values()) {
                denseLayerBackward(layer[0], layer[1], layer[2], activation);
            }
        }
    }

    private void denseLayerBackward(int batch, int in, int out, Activation activation) {
        Supplier<List<Matrix>> operands = () -> List.of(
                GuardedMatrix.uniform(batch, in, 1),
                GuardedMatrix.uniform(in, out, 2),
                GuardedMatrix.special(batch, out, 3),
                GuardedMatrix.special(batch, out, 4),
                GuardedMatrix.special(batch, out, 5),
                GuardedMatrix.zeros(batch, out),
                GuardedMatrix.zeros(in, out),
                GuardedMatrix.zeros(1, out),
                GuardedMatrix.zeros(batch, in));
        String what = "denseLayerBackward " + List.of(batch, in, out) + " " + activation;
        backends.check(
                what,
                operands,
                (k, x) -> k.denseLayerBackward(
                        x.get(0),
                        x.get(1),
                        activation,
                        x.get(2),
                        x.get(3),
                        x.get(4),
                        x.get(5),
                        x.get(6),
                        x.get(7),
                        x.get(8)));
        backends.check(
                what + ", in place, without a bias",
                operands,
                (k, x) -> k.denseLayerBackward(
                        x.get(0),
                        x.get(1),
                        activation,
                        x.get(2),
                        x.get(3),
                        x.get(4),
                        x.get(4),
                        x.get(6),
                        null,
                        x.get(8)));
        backends.check(
                what + ", without a mask, only the bias",
                operands,
                (k, x) -> k.denseLayerBackward(
                        x.get(0), x.get(1), activation, x.get(2), null, x.get(4), x.get(5), null, x.get(7), null));
    }

    @ForThreads
    void batchNormDropoutTrain(int threads) {
        backends = new AgainstReference(threads);
        for (int[] layer : LAYERS) {
            int batch = Math.max(2, layer[0]);
            int n = layer[2];
            for (DropoutSpec spec : List.of(PER_EXAMPLE, PER_BATCH)) {
                backends.check(
                        "batchNormDropoutTrain " + List.of(batch, n) + " " + spec,
                        () -> List.of(
                                GuardedMatrix.uniform(batch, n, 1),
                                GuardedMatrix.uniform(1, n, 2),
                                GuardedMatrix.uniform(1, n, 3),
                                GuardedMatrix.uniform(1, n, 4),
                                GuardedMatrix.positive(1, n, 5),
                                GuardedMatrix.zeros(1, n),
                                GuardedMatrix.zeros(1, n),
                                integers(3, 4, 5, 6),
                                GuardedMatrix.zeros(batch, n),
                                GuardedMatrix.zeros(batch, n),
                                GuardedMatrix.zeros(batch, n)),
                        (k, x) -> k.batchNormDropoutTrain(
                                x.get(0),
                                x.get(1),
                                x.get(2),
                                1e-5f,
                                0.1f,
                                x.get(3),
                                x.get(4),
                                x.get(5),
                                x.get(6),
                                Activation.SIGMOID,
                                spec,
                                x.get(7),
                                x.get(8),
                                x.get(9),
                                x.get(10)));
            }
        }
    }

    @ForThreads
    void batchNormLayerBackward(int threads) {
        backends = new AgainstReference(threads);
        for (int[] layer : LAYERS) {
            for (Activation activation : Activation.values()) {
                batchNormLayerBackward(Math.max(2, layer[0]), layer[2], activation);
            }
        }
    }

    private void batchNormLayerBackward(int batch, int n, Activation activation) {
        Supplier<List<Matrix>> operands = () -> List.of(
                GuardedMatrix.uniform(batch, n, 1),
                GuardedMatrix.uniform(1, n, 2),
                GuardedMatrix.uniform(1, n, 3),
                GuardedMatrix.positive(1, n, 4),
                GuardedMatrix.uniform(batch, n, 5),
                GuardedMatrix.uniform(batch, n, 6),
                GuardedMatrix.uniform(batch, n, 7),
                GuardedMatrix.zeros(1, n),
                GuardedMatrix.zeros(1, n),
                GuardedMatrix.zeros(batch, n));
        String what = "batchNormLayerBackward " + List.of(batch, n) + " " + activation;
        backends.check(
                what,
                operands,
                (k, x) -> k.batchNormLayerBackward(
                        x.get(0),
                        x.get(1),
                        x.get(2),
                        x.get(3),
                        activation,
                        x.get(4),
                        x.get(5),
                        x.get(6),
                        x.get(7),
                        x.get(8),
                        x.get(9)));
        backends.check(
                what + ", in place, without a mask",
                operands,
                (k, x) -> k.batchNormLayerBackward(
                        x.get(0),
                        x.get(1),
                        x.get(2),
                        x.get(3),
                        activation,
                        x.get(4),
                        null,
                        x.get(6),
                        x.get(7),
                        x.get(8),
                        x.get(6)));
    }
}
