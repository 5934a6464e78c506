package bpnn.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.spi.Activation;
import bpnn.spi.Axis;
import bpnn.spi.Backend;
import bpnn.spi.BackendConfig;
import bpnn.spi.BinaryOp;
import bpnn.spi.Clock;
import bpnn.spi.DropoutSpec;
import bpnn.spi.ElementType;
import bpnn.spi.HeapBuffer;
import bpnn.spi.Kernels;
import bpnn.spi.Matrix;
import bpnn.spi.Reduction;
import bpnn.spi.ReferenceBackend;
import bpnn.spi.UnaryOp;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kernel has the bits of the reference, which spells it out in primitives. */
class KernelsTest {
    /** A test for several numbers of threads. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    @Retention(RetentionPolicy.RUNTIME)
    private @interface ForThreads {}

    private static final int[][] SHAPES = {
        {0, 0}, {0, 5}, {5, 0}, {1, 1}, {2, 3}, {3, 64}, {7, 17}, {64, 5}, {65, 33}, {129, 47}, {131, 200}
    };

    private final ReferenceBackend reference = new ReferenceBackend();
    private Backend cpu = new ReferenceBackend();

    private static Backend open(int threads) {
        return new CpuBackendProvider().open(new BackendConfig(Optional.empty(), threads, Map.of()));
    }

    @AfterEach
    void close() {
        cpu.close();
        reference.close();
        assertThat(cpu.liveBuffers()).isZero();
    }

    /** Makes the operands twice, and lets both backends work on a set of their own. */
    private void check(String what, Supplier<List<Matrix>> operands, BiConsumer<Kernels, List<Matrix>> call) {
        List<Matrix> expected = operands.get();
        List<Matrix> actual = operands.get();
        call.accept(reference.kernels(), expected);
        call.accept(cpu.kernels(), actual);
        for (int i = 0; i < expected.size(); i++) {
            if (expected.get(i).buffer().type() == ElementType.FLOAT32) {
                Guarded.assertSameBits(actual.get(i), expected.get(i), what + ", operand " + i);
            }
        }
    }

    private static Matrix integers(int... values) {
        HeapBuffer buffer = new HeapBuffer(ElementType.INT32, values.length, new AtomicInteger());
        buffer.upload(0, values, 0, values.length);
        return new Matrix(buffer, 0, 1, values.length);
    }

    private static Matrix bytes(int rows, int columns) {
        HeapBuffer buffer = new HeapBuffer(ElementType.UINT8, rows * columns, new AtomicInteger());
        for (int i = 0; i < rows * columns; i++) {
            buffer.upload(i, new byte[] {(byte) (i * 37)}, 0, 1);
        }
        return new Matrix(buffer, 0, rows, columns);
    }

    private static Matrix positive(int rows, int columns, int seed) {
        Matrix matrix = Guarded.ordinary(rows, columns, seed);
        for (int i = 0; i < matrix.size(); i++) {
            HeapBuffer.floats(matrix)[matrix.offset() + i] = Math.abs(HeapBuffer.floats(matrix)[matrix.offset() + i]);
        }
        return matrix;
    }

    @ForThreads
    void primitives(int threads) {
        cpu = open(threads);
        for (int[] shape : SHAPES) {
            primitives(shape[0], shape[1]);
        }
    }

    private void primitives(int m, int n) {
        String shape = " of [" + m + ", " + n + "]";
        Supplier<List<Matrix>> two = () -> List.of(Guarded.special(m, n, 1), Guarded.ordinary(m, n, 2));
        check("fill" + shape, two, (k, x) -> k.fill(x.get(0), -1.5f));
        for (UnaryOp op : UnaryOp.values()) {
            check(op + shape, two, (k, x) -> k.map(op, x.get(0), x.get(1)));
            check(op + " in place" + shape, two, (k, x) -> k.map(op, x.get(0), x.get(0)));
        }
        for (BinaryOp op : BinaryOp.values()) {
            check(op + shape, two, (k, x) -> k.zip(op, x.get(0), x.get(1), x.get(1)));
        }
        check("axpby" + shape, two, (k, x) -> k.axpby(0.3f, x.get(0), 0.9f, x.get(1)));
        for (Reduction op : Reduction.values()) {
            check(
                    op + " over rows" + shape,
                    () -> List.of(Guarded.special(m, n, 1), Guarded.zeros(1, n)),
                    (k, x) -> k.reduce(op, Axis.ROWS, x.get(0), x.get(1)));
            check(
                    op + " over columns" + shape,
                    () -> List.of(Guarded.special(m, n, 1), Guarded.zeros(m, 1)),
                    (k, x) -> k.reduce(op, Axis.COLUMNS, x.get(0), x.get(1)));
        }
    }

    @ForThreads
    void gatherRows(int threads) {
        cpu = open(threads);
        for (int[] shape : SHAPES) {
            int m = shape[0];
            int n = shape[1];
            int[] order = new int[m + 2];
            for (int i = 0; i < order.length; i++) {
                order[i] = i * 7 % (m + 3);
            }
            for (Supplier<Matrix> table :
                    List.<Supplier<Matrix>>of(() -> bytes(m + 3, n), () -> Guarded.special(m + 3, n, 1))) {
                check(
                        "gatherRows in order",
                        () -> List.of(table.get(), integers(order), integers(2), Guarded.zeros(m, n)),
                        (k, x) -> k.gatherRows(x.get(0), x.get(1), x.get(2), 0.3f, -0.7f, x.get(3)));
                check(
                        "gatherRows from the front",
                        () -> List.of(table.get(), integers(3), Guarded.zeros(m, n)),
                        (k, x) -> k.gatherRows(x.get(0), null, x.get(1), 1 / 255f, 0, x.get(2)));
            }
        }
    }

    @ForThreads
    void dense(int threads) {
        cpu = open(threads);
        for (int[] shape : new int[][] {
            {1, 1, 1}, {3, 5, 2}, {17, 33, 19}, {64, 784, 40}, {128, 100, 10}, {7, 0, 3}, {130, 70, 300}
        }) {
            int batch = shape[0];
            int in = shape[1];
            int out = shape[2];
            for (Activation activation : Activation.values()) {
                Supplier<List<Matrix>> operands = () -> List.of(
                        Guarded.ordinary(batch, in, 1),
                        Guarded.ordinary(in, out, 2),
                        Guarded.ordinary(1, out, 3),
                        Guarded.ordinary(batch, out, 4));
                String what = "denseForward " + List.of(batch, in, out) + " " + activation;
                check(what, operands, (k, x) -> k.denseForward(x.get(0), x.get(1), x.get(2), activation, x.get(3)));
                check(what, operands, (k, x) -> k.denseForward(x.get(0), x.get(1), null, activation, x.get(3)));
            }
            Supplier<List<Matrix>> operands = () -> List.of(
                    Guarded.ordinary(batch, in, 1),
                    Guarded.ordinary(in, out, 2),
                    Guarded.ordinary(batch, out, 3),
                    Guarded.zeros(in, out),
                    Guarded.zeros(1, out),
                    Guarded.zeros(batch, in));
            String what = "denseBackward " + List.of(batch, in, out);
            check(
                    what,
                    operands,
                    (k, x) -> k.denseBackward(x.get(0), x.get(1), x.get(2), x.get(3), x.get(4), x.get(5)));
            check(what, operands, (k, x) -> k.denseBackward(x.get(0), x.get(1), x.get(2), x.get(3), null, null));
        }
    }

    @ForThreads
    void activationBackward(int threads) {
        cpu = open(threads);
        for (int[] shape : SHAPES) {
            Supplier<List<Matrix>> operands = () -> List.of(
                    Guarded.special(shape[0], shape[1], 1),
                    Guarded.special(shape[0], shape[1], 2),
                    Guarded.zeros(shape[0], shape[1]));
            for (Activation activation : Activation.values()) {
                String what = "activationBackward " + activation;
                check(what, operands, (k, x) -> k.activationBackward(activation, x.get(0), x.get(1), x.get(2)));
                check(what, operands, (k, x) -> k.activationBackward(activation, x.get(0), x.get(1), x.get(1)));
            }
        }
    }

    @ForThreads
    void batchNorm(int threads) {
        cpu = open(threads);
        for (int[] shape : SHAPES) {
            int m = shape[0] + 2;
            int n = shape[1];
            for (float momentum : new float[] {0.1f, 0, 1}) {
                check(
                        "batchNormTrain",
                        () -> List.of(
                                Guarded.ordinary(m, n, 1),
                                Guarded.ordinary(1, n, 2),
                                Guarded.ordinary(1, n, 3),
                                Guarded.special(1, n, 4),
                                Guarded.special(1, n, 5),
                                Guarded.zeros(1, n),
                                Guarded.zeros(1, n),
                                Guarded.zeros(m, n)),
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
                    Guarded.special(m, n, 1),
                    Guarded.ordinary(1, n, 2),
                    Guarded.ordinary(1, n, 3),
                    Guarded.ordinary(1, n, 4),
                    positive(1, n, 5),
                    Guarded.zeros(m, n));
            check(
                    "batchNormInfer",
                    infer,
                    (k, x) -> k.batchNormInfer(
                            x.get(0), x.get(1), x.get(2), 1e-5f, x.get(3), x.get(4), Activation.RELU, x.get(5)));
            Supplier<List<Matrix>> backward = () -> List.of(
                    Guarded.ordinary(m, n, 1),
                    Guarded.ordinary(1, n, 2),
                    Guarded.ordinary(1, n, 3),
                    positive(1, n, 4),
                    Guarded.ordinary(m, n, 5),
                    Guarded.zeros(1, n),
                    Guarded.zeros(1, n),
                    Guarded.zeros(m, n));
            check(
                    "batchNormBackward",
                    backward,
                    (k, x) -> k.batchNormBackward(
                            x.get(0), x.get(1), x.get(2), x.get(3), x.get(4), x.get(5), x.get(6), x.get(7)));
            check(
                    "batchNormBackward in place",
                    backward,
                    (k, x) -> k.batchNormBackward(
                            x.get(0), x.get(1), x.get(2), x.get(3), x.get(4), x.get(5), x.get(6), x.get(4)));
        }
    }

    @ForThreads
    void dropout(int threads) {
        cpu = open(threads);
        for (int[] shape : SHAPES) {
            for (boolean perBatch : new boolean[] {false, true}) {
                for (float rate : new float[] {0, 0.3f, 0.9f}) {
                    DropoutSpec spec = new DropoutSpec(0x123456789abcdefL, 1, rate, perBatch);
                    Supplier<List<Matrix>> operands = () -> List.of(
                            Guarded.special(shape[0], shape[1], 1),
                            integers(3, 4, 0xFFFFFFF0),
                            Guarded.zeros(shape[0], shape[1]),
                            Guarded.zeros(shape[0], shape[1]));
                    check(spec.toString(), operands, (k, x) -> k.dropout(x.get(0), spec, x.get(1), x.get(2), x.get(3)));
                    check(spec.toString(), operands, (k, x) -> k.dropout(x.get(0), spec, x.get(1), x.get(2), x.get(0)));
                }
            }
            check(
                    "dropoutBackward",
                    () -> List.of(Guarded.special(shape[0], shape[1], 1), Guarded.ordinary(shape[0], shape[1], 2)),
                    (k, x) -> k.dropoutBackward(x.get(0), x.get(1), x.get(0)));
        }
    }

    @ForThreads
    void loss(int threads) {
        cpu = open(threads);
        for (int[] shape : SHAPES) {
            int m = shape[0];
            int n = shape[1];
            Supplier<List<Matrix>> operands = () ->
                    List.of(Guarded.ordinary(m, n, 1), positive(m, n, 2), Guarded.zeros(m, 1), Guarded.zeros(m, n));
            check(
                    "softmaxCrossEntropy",
                    operands,
                    (k, x) -> k.softmaxCrossEntropy(x.get(0), x.get(1), x.get(2), x.get(3)));
            check(
                    "softmaxCrossEntropy without gradient",
                    operands,
                    (k, x) -> k.softmaxCrossEntropy(x.get(0), x.get(1), x.get(2), null));
            check(
                    "softmaxCrossEntropy of special values",
                    () -> List.of(
                            Guarded.special(m, n, 1), positive(m, n, 2), Guarded.zeros(m, 1), Guarded.zeros(m, n)),
                    (k, x) -> k.softmaxCrossEntropy(x.get(0), x.get(1), x.get(2), x.get(3)));
            check(
                    "recordLoss",
                    () -> List.of(Guarded.ordinary(m, 1, 1), integers(2, 0, 0), Guarded.zeros(1, 4)),
                    (k, x) -> k.recordLoss(x.get(0), x.get(1), x.get(2)));
            check(
                    "argmax",
                    () -> List.of(Guarded.special(m, n, 1), Guarded.zeros(m, 1)),
                    (k, x) -> k.argmax(x.get(0), x.get(1)));
        }
    }

    @ForThreads
    void theClockAdvances(int threads) {
        cpu = open(threads);
        Matrix expected = integers(1, 2, 3);
        Matrix actual = integers(1, 2, 3);
        reference.kernels().advance(expected, 128);
        cpu.kernels().advance(actual, 128);
        assertThat(HeapBuffer.ints(actual))
                .containsExactly(HeapBuffer.ints(expected))
                .hasSize(Clock.LENGTH);
    }

    @ForThreads
    void optimisers(int threads) {
        cpu = open(threads);
        for (int n : new int[] {1, 3, 16, 31, 100, 20_000, 40_001}) {
            Supplier<List<Matrix>> operands = () -> List.of(
                    Guarded.special(1, n, 1),
                    Guarded.special(1, n, 2),
                    Guarded.ordinary(1, n, 3),
                    positive(1, n, 4),
                    positive(1, 3, 5));
            check("sgd", operands, (k, x) -> k.sgd(x.get(0), x.get(1), x.get(4).as(1, 1)));
            for (float decay : new float[] {0.9f, 0}) {
                check(
                        "momentum",
                        operands,
                        (k, x) -> k.momentum(
                                x.get(0), x.get(1), x.get(2), decay, x.get(4).as(1, 1)));
                check(
                        "adam",
                        operands,
                        (k, x) -> k.adam(x.get(0), x.get(1), x.get(2), x.get(3), decay, 0.999f, x.get(4)));
                check(
                        "adam",
                        operands,
                        (k, x) -> k.adam(x.get(0), x.get(1), x.get(2), x.get(3), 0.9f, decay, x.get(4)));
            }
        }
    }
}
