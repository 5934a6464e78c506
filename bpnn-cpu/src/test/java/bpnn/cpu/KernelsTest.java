package bpnn.cpu;

import static bpnn.cpu.AgainstReference.integers;

import bpnn.spi.Activation;
import bpnn.spi.Augmentation;
import bpnn.spi.Axis;
import bpnn.spi.BinaryOp;
import bpnn.spi.Distortion;
import bpnn.spi.DropoutSpec;
import bpnn.spi.ElementType;
import bpnn.spi.HeapBuffer;
import bpnn.spi.Matrix;
import bpnn.spi.Reduction;
import bpnn.spi.UnaryOp;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;

/** Every kernel gives the bits of the reference, which composes it from primitives. */
class KernelsTest {
    private static final int[][] SHAPES = {
        {0, 0},
        {0, 5},
        {5, 0},
        {1, 1},
        {2, 3},
        {3, 64},
        {7, 17},
        {64, 5},
        {65, 33},
        {129, 47},
        {131, 200},
        {3, 1500},
        {2, 5000},
        {5000, 3}
    };

    private AgainstReference backends;

    @AfterEach
    void close() {
        backends.close();
    }

    static Matrix bytes(int rows, int columns) {
        HeapBuffer buffer = new HeapBuffer(ElementType.UINT8, rows * columns, new AtomicInteger());
        for (int i = 0; i < rows * columns; i++) {
            buffer.upload(i, new byte[] {(byte) (i * 37)}, 0, 1);
        }
        return new Matrix(buffer, 0, rows, columns);
    }

    @ForThreads
    void primitives(int threads) {
        backends = new AgainstReference(threads);
        for (int[] shape : SHAPES) {
            primitives(shape[0], shape[1]);
        }
    }

    private void primitives(int m, int n) {
        String shape = " of [" + m + ", " + n + "]";
        Supplier<List<Matrix>> two = () -> List.of(GuardedMatrix.special(m, n, 1), GuardedMatrix.uniform(m, n, 2));
        backends.check("fill" + shape, two, (k, x) -> k.fill(x.get(0), -1.5f));
        for (UnaryOp op : UnaryOp.values()) {
            backends.check(op + shape, two, (k, x) -> k.map(op, x.get(0), x.get(1)));
            backends.check(op + " in place" + shape, two, (k, x) -> k.map(op, x.get(0), x.get(0)));
        }
        for (BinaryOp op : BinaryOp.values()) {
            backends.check(op + shape, two, (k, x) -> k.zip(op, x.get(0), x.get(1), x.get(1)));
            for (int[] broadcast : new int[][] {{1, 1}, {1, n}, {m, 1}}) {
                backends.check(
                        op + shape + " with " + List.of(broadcast[0], broadcast[1]),
                        () -> List.of(
                                GuardedMatrix.special(m, n, 1), GuardedMatrix.uniform(broadcast[0], broadcast[1], 2)),
                        (k, x) -> k.zip(op, x.get(0), x.get(1), x.get(0)));
            }
        }
        backends.check("axpby, overwriting" + shape, two, (k, x) -> k.axpby(0.3f, x.get(1), 0, x.get(0)));
        backends.check("axpby" + shape, two, (k, x) -> k.axpby(0.3f, x.get(0), 0.9f, x.get(1)));
        for (Reduction op : Reduction.values()) {
            backends.check(
                    op + " over rows" + shape,
                    () -> List.of(GuardedMatrix.special(m, n, 1), GuardedMatrix.zeros(1, n)),
                    (k, x) -> k.reduce(op, Axis.ROWS, x.get(0), x.get(1)));
            backends.check(
                    op + " over columns" + shape,
                    () -> List.of(GuardedMatrix.special(m, n, 1), GuardedMatrix.zeros(m, 1)),
                    (k, x) -> k.reduce(op, Axis.COLUMNS, x.get(0), x.get(1)));
        }
    }

    @ForThreads
    void gatherRows(int threads) {
        backends = new AgainstReference(threads);
        for (int[] shape : SHAPES) {
            int m = shape[0];
            int n = shape[1];
            int[] order = new int[m + 2];
            for (int i = 0; i < order.length; i++) {
                order[i] = i * 7 % (m + 3);
            }
            for (Supplier<Matrix> table :
                    List.<Supplier<Matrix>>of(() -> bytes(m + 3, n), () -> GuardedMatrix.special(m + 3, n, 1))) {
                backends.check(
                        "gatherRows in order",
                        () -> List.of(table.get(), integers(order), integers(2), GuardedMatrix.zeros(m, n)),
                        (k, x) -> k.gatherRows(x.get(0), x.get(1), x.get(2), 0.3f, -0.7f, x.get(3)));
                backends.check(
                        "gatherRows from the front",
                        () -> List.of(table.get(), integers(3), GuardedMatrix.zeros(m, n)),
                        (k, x) -> k.gatherRows(x.get(0), null, x.get(1), 1 / 255f, 0, x.get(2)));
            }
        }
    }

    @ForThreads
    void gatherAugmented(int threads) {
        backends = new AgainstReference(threads);
        for (int[] size : new int[][] {{28, 28, 1}, {9, 33, 3}}) {
            Augmentation augmentation =
                    new Augmentation(5, size[0], size[1], size[2], new Distortion(2, 10, 0.1f, 0.1f, 34, 4));
            float[] weights = augmentation.smoothing();
            int images = 40;
            int[] order = new int[images];
            Arrays.setAll(order, i -> i * 7 % images);
            Supplier<List<Matrix>> operands = () -> {
                Matrix smoothing = GuardedMatrix.zeros(1, weights.length);
                smoothing.buffer().upload(smoothing.offset(), weights, 0, weights.length);
                return List.of(
                        bytes(images, augmentation.features()),
                        bytes(images, 3),
                        integers(order),
                        integers(0, 3, 0, 2),
                        smoothing,
                        GuardedMatrix.zeros(images - 3, augmentation.features()),
                        GuardedMatrix.zeros(images - 3, 3));
            };
            for (int epoch = 0; epoch < 2; epoch++) {
                // The second time with the scratch memory of the first.
                backends.check(
                        "gatherAugmented " + List.of(size[0], size[1], size[2]),
                        operands,
                        (k, x) -> k.gatherAugmented(
                                x.get(0),
                                x.get(1),
                                x.get(2),
                                x.get(3),
                                augmentation,
                                x.get(4),
                                1 / 255f,
                                0.1f,
                                0.9f,
                                0.01f,
                                x.get(5),
                                x.get(6)));
            }
        }
    }

    @ForThreads
    void dense(int threads) {
        backends = new AgainstReference(threads);
        for (int[] shape : new int[][] {
            {1, 1, 1}, {3, 5, 2}, {17, 33, 19}, {64, 784, 40}, {128, 100, 10}, {7, 0, 3}, {130, 70, 300}
        }) {
            int batch = shape[0];
            int in = shape[1];
            int out = shape[2];
            for (Activation activation : Activation.values()) {
                Supplier<List<Matrix>> operands = () -> List.of(
                        GuardedMatrix.uniform(batch, in, 1),
                        GuardedMatrix.uniform(in, out, 2),
                        GuardedMatrix.uniform(1, out, 3),
                        GuardedMatrix.uniform(batch, out, 4));
                String what = "denseForward " + List.of(batch, in, out) + " " + activation;
                backends.check(
                        what, operands, (k, x) -> k.denseForward(x.get(0), x.get(1), x.get(2), activation, x.get(3)));
                backends.check(
                        what, operands, (k, x) -> k.denseForward(x.get(0), x.get(1), null, activation, x.get(3)));
            }
            Supplier<List<Matrix>> operands = () -> List.of(
                    GuardedMatrix.uniform(batch, in, 1),
                    GuardedMatrix.uniform(in, out, 2),
                    GuardedMatrix.uniform(batch, out, 3),
                    GuardedMatrix.zeros(in, out),
                    GuardedMatrix.zeros(1, out),
                    GuardedMatrix.zeros(batch, in));
            String what = "denseBackward " + List.of(batch, in, out);
            backends.check(
                    what,
                    operands,
                    (k, x) -> k.denseBackward(x.get(0), x.get(1), x.get(2), x.get(3), x.get(4), x.get(5)));
            backends.check(
                    what, operands, (k, x) -> k.denseBackward(x.get(0), x.get(1), x.get(2), x.get(3), null, null));
        }
    }

    @ForThreads
    void activationBackward(int threads) {
        backends = new AgainstReference(threads);
        for (int[] shape : SHAPES) {
            Supplier<List<Matrix>> operands = () -> List.of(
                    GuardedMatrix.special(shape[0], shape[1], 1),
                    GuardedMatrix.special(shape[0], shape[1], 2),
                    GuardedMatrix.zeros(shape[0], shape[1]));
            for (Activation activation : Activation.values()) {
                String what = "activationBackward " + activation;
                backends.check(
                        what, operands, (k, x) -> k.activationBackward(activation, x.get(0), x.get(1), x.get(2)));
                backends.check(
                        what, operands, (k, x) -> k.activationBackward(activation, x.get(0), x.get(1), x.get(1)));
            }
        }
    }

    @ForThreads
    void batchNorm(int threads) {
        backends = new AgainstReference(threads);
        for (int[] shape : SHAPES) {
            int m = shape[0] + 2;
            int n = shape[1];
            for (float momentum : new float[] {0.1f, 0, 1}) {
                backends.check(
                        "batchNormTrain",
                        () -> List.of(
                                GuardedMatrix.uniform(m, n, 1),
                                GuardedMatrix.uniform(1, n, 2),
                                GuardedMatrix.uniform(1, n, 3),
                                GuardedMatrix.special(1, n, 4),
                                GuardedMatrix.special(1, n, 5),
                                GuardedMatrix.zeros(1, n),
                                GuardedMatrix.zeros(1, n),
                                GuardedMatrix.zeros(m, n)),
                        (k, x) -> k.batchNormTrain(
                                x.get(0),
                                x.get(1),
                                x.get(2),
                                1e-5f,
                                momentum,
                                x.get(3),
                                x.get(4),
                                x.get(5),
                                x.get(6),
                                Activation.TANH,
                                x.get(7)));
            }
            Supplier<List<Matrix>> infer = () -> List.of(
                    GuardedMatrix.special(m, n, 1),
                    GuardedMatrix.uniform(1, n, 2),
                    GuardedMatrix.uniform(1, n, 3),
                    GuardedMatrix.uniform(1, n, 4),
                    GuardedMatrix.positive(1, n, 5),
                    GuardedMatrix.zeros(m, n));
            backends.check(
                    "batchNormInfer",
                    infer,
                    (k, x) -> k.batchNormInfer(
                            x.get(0), x.get(1), x.get(2), 1e-5f, x.get(3), x.get(4), Activation.RELU, x.get(5)));
            Supplier<List<Matrix>> backward = () -> List.of(
                    GuardedMatrix.uniform(m, n, 1),
                    GuardedMatrix.uniform(1, n, 2),
                    GuardedMatrix.uniform(1, n, 3),
                    GuardedMatrix.positive(1, n, 4),
                    GuardedMatrix.uniform(m, n, 5),
                    GuardedMatrix.zeros(1, n),
                    GuardedMatrix.zeros(1, n),
                    GuardedMatrix.zeros(m, n));
            backends.check(
                    "batchNormBackward",
                    backward,
                    (k, x) -> k.batchNormBackward(
                            x.get(0), x.get(1), x.get(2), x.get(3), x.get(4), x.get(5), x.get(6), x.get(7)));
            backends.check(
                    "batchNormBackward in place",
                    backward,
                    (k, x) -> k.batchNormBackward(
                            x.get(0), x.get(1), x.get(2), x.get(3), x.get(4), x.get(5), x.get(6), x.get(4)));
        }
    }

    @ForThreads
    void dropout(int threads) {
        backends = new AgainstReference(threads);
        for (int[] shape : SHAPES) {
            for (boolean perBatch : new boolean[] {false, true}) {
                for (float rate : new float[] {0, 0.3f, 0.9f}) {
                    DropoutSpec spec = new DropoutSpec(0x123456789abcdefL, 1, rate, perBatch);
                    Supplier<List<Matrix>> operands = () -> List.of(
                            GuardedMatrix.special(shape[0], shape[1], 1),
                            integers(3, 4, 0xFFFFFFF0, 1),
                            GuardedMatrix.zeros(shape[0], shape[1]),
                            GuardedMatrix.zeros(shape[0], shape[1]));
                    backends.check(
                            spec.toString(),
                            operands,
                            (k, x) -> k.dropout(x.get(0), spec, x.get(1), x.get(2), x.get(3)));
                    backends.check(
                            spec.toString(),
                            operands,
                            (k, x) -> k.dropout(x.get(0), spec, x.get(1), x.get(2), x.get(0)));
                }
            }
            backends.check(
                    "dropoutBackward",
                    () -> List.of(
                            GuardedMatrix.special(shape[0], shape[1], 1), GuardedMatrix.uniform(shape[0], shape[1], 2)),
                    (k, x) -> k.dropoutBackward(x.get(0), x.get(1), x.get(0)));
        }
    }

    @ForThreads
    void loss(int threads) {
        backends = new AgainstReference(threads);
        for (int[] shape : SHAPES) {
            int m = shape[0];
            int n = shape[1];
            Supplier<List<Matrix>> operands = () -> List.of(
                    GuardedMatrix.uniform(m, n, 1),
                    GuardedMatrix.positive(m, n, 2),
                    GuardedMatrix.zeros(m, 1),
                    GuardedMatrix.zeros(m, n));
            backends.check(
                    "softmaxCrossEntropy",
                    operands,
                    (k, x) -> k.softmaxCrossEntropy(x.get(0), x.get(1), x.get(2), x.get(3)));
            backends.check(
                    "softmaxCrossEntropy without gradient",
                    operands,
                    (k, x) -> k.softmaxCrossEntropy(x.get(0), x.get(1), x.get(2), null));
            backends.check(
                    "softmaxCrossEntropy of special values",
                    () -> List.of(
                            GuardedMatrix.special(m, n, 1),
                            GuardedMatrix.positive(m, n, 2),
                            GuardedMatrix.zeros(m, 1),
                            GuardedMatrix.zeros(m, n)),
                    (k, x) -> k.softmaxCrossEntropy(x.get(0), x.get(1), x.get(2), x.get(3)));
            backends.check(
                    "recordLoss",
                    () -> List.of(GuardedMatrix.uniform(m, 1, 1), integers(2, 0, 0, 0), GuardedMatrix.zeros(1, 4)),
                    (k, x) -> k.recordLoss(x.get(0), x.get(1), x.get(2)));
            backends.check(
                    "argmax",
                    () -> List.of(GuardedMatrix.special(m, n, 1), GuardedMatrix.zeros(m, 1)),
                    (k, x) -> k.argmax(x.get(0), x.get(1)));
        }
    }

    @ForThreads
    void theClockAdvances(int threads) {
        backends = new AgainstReference(threads);
        backends.check("advance", () -> List.of(integers(1, 2, 3, 4)), (k, x) -> k.advance(x.get(0), 128));
    }

    @ForThreads
    void optimisers(int threads) {
        backends = new AgainstReference(threads);
        for (int n : new int[] {1, 3, 16, 31, 100, 20_000, 40_001}) {
            Supplier<List<Matrix>> operands = () -> List.of(
                    GuardedMatrix.special(1, n, 1),
                    GuardedMatrix.special(1, n, 2),
                    GuardedMatrix.uniform(1, n, 3),
                    GuardedMatrix.positive(1, n, 4),
                    GuardedMatrix.positive(1, 3, 5));
            backends.check(
                    "sgd",
                    operands,
                    (k, x) -> k.sgd(x.get(0), x.get(1), x.get(4).as(1, 1)));
            for (float decay : new float[] {0.9f, 0}) {
                backends.check(
                        "momentum",
                        operands,
                        (k, x) -> k.momentum(
                                x.get(0), x.get(1), x.get(2), decay, x.get(4).as(1, 1)));
                backends.check(
                        "adam",
                        operands,
                        (k, x) -> k.adam(x.get(0), x.get(1), x.get(2), x.get(3), decay, 0.999f, x.get(4)));
                backends.check(
                        "adam",
                        operands,
                        (k, x) -> k.adam(x.get(0), x.get(1), x.get(2), x.get(3), 0.9f, decay, x.get(4)));
                backends.check(
                        "adam without a mean, of special values",
                        () -> List.of(
                                GuardedMatrix.uniform(1, n, 1),
                                GuardedMatrix.special(1, n, 2),
                                GuardedMatrix.special(1, n, 3),
                                GuardedMatrix.uniform(1, n, 4),
                                GuardedMatrix.uniform(1, 3, 5)),
                        (k, x) -> k.adam(x.get(0), x.get(1), x.get(2), x.get(3), 0, 0.99f, x.get(4)));
            }
        }
    }
}
