package bpnn.tck;

import bpnn.spi.Activation;
import bpnn.spi.Axis;
import bpnn.spi.BinaryOp;
import bpnn.spi.Composed;
import bpnn.spi.ElementType;
import bpnn.spi.Reduction;
import bpnn.spi.UnaryOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Calls with NaN, infinity, signed zeros and the limits of the float range. */
final class SpecialCalls {
    private static final float NAN = Float.NaN;
    private static final float INF = Float.POSITIVE_INFINITY;
    private static final float MAX = Float.MAX_VALUE;
    private static final float NORMAL = Float.MIN_NORMAL;
    private static final float SUBNORMAL = 0x1.8p-130f;

    private static final float[] VALUES = {
        NAN, INF, -INF, 0f, -0f, 1, -1, 0.1f, -2.5f, NORMAL, -NORMAL, SUBNORMAL, -SUBNORMAL, MAX, -MAX
    };

    private SpecialCalls() {}

    /** Elementwise kernels, where the sign of a zero matters. */
    static List<KernelSuite> elementwise() {
        List<KernelSuite> suites = new ArrayList<>();
        for (UnaryOp op : UnaryOp.values()) {
            suites.add(new KernelSuite("map " + op, generators -> Stream.of(map(op))));
        }
        for (BinaryOp op : BinaryOp.values()) {
            suites.add(new KernelSuite("zip " + op, generators -> Stream.of(zip(op))));
        }
        return suites;
    }

    /** Sums and kernels that use sums, where a zero may have either sign. */
    static List<KernelSuite> sums() {
        return List.of(
                new KernelSuite("axpby", generators -> Stream.of(axpby())),
                new KernelSuite(
                        "gemm", generators -> IntStream.range(0, 4).mapToObj(number -> gemm(generators, number))),
                new KernelSuite("reduce", SpecialCalls::reductions),
                new KernelSuite("gatherRows", generators -> Stream.of(gather(generators))),
                new KernelSuite("activationBackward", generators -> activations()),
                new KernelSuite("softmaxCrossEntropy", generators -> Stream.of(softmaxCrossEntropy())),
                new KernelSuite("argmax", generators -> Stream.of(argmax())));
    }

    /** All calls with special values. */
    static List<KernelSuite> suites() {
        List<KernelSuite> suites = new ArrayList<>(elementwise());
        suites.addAll(sums());
        suites.replaceAll(suite -> new KernelSuite(suite.kernel() + " of special values", suite.callMaker()));
        suites.add(new KernelSuite("all primitives of subnormals", SubnormalCalls::calls));
        return suites;
    }

    private static KernelCall map(UnaryOp op) {
        return KernelCall.number(0, op.toString())
                .input("x", 1, VALUES.length, VALUES)
                .output("y", 1, VALUES.length)
                .primitive((k, o) -> k.map(op, o.get(0), o.get(1)));
    }

    /** All pairs of values. */
    private static KernelCall zip(BinaryOp op) {
        int n = VALUES.length;
        float[] left = new float[n * n];
        float[] right = new float[n * n];
        for (int i = 0; i < n * n; i++) {
            left[i] = VALUES[i / n];
            right[i] = VALUES[i % n];
        }
        return KernelCall.number(0, op.toString())
                .input("a", n, n, left)
                .input("b", n, n, right)
                .output("y", n, n)
                .primitive((k, o) -> k.zip(op, o.get(0), o.get(1), o.get(2)));
    }

    private static KernelCall axpby() {
        float[] old = {1, NAN, 2, INF, 5, 6, 7, 8, 9, -INF, 3, 2, 1, -1, 4};
        return KernelCall.number(0, "α 0.5, β 0.25")
                .input("x", 1, VALUES.length, VALUES)
                .updated("y", 1, VALUES.length, old)
                .primitive((k, o) -> k.axpby(0.5f, o.get(0), 0.25f, o.get(1)));
    }

    /**
     * A NaN in A, and an infinity in B that meets zeros in A: detects implementations that skip zeros or spread a NaN
     * to other rows.
     */
    private static KernelCall gemm(OperandGenerators generators, int number) {
        int side = 19;
        boolean transA = (number & 1) != 0;
        boolean transB = (number & 2) != 0;
        float[] a = generators.of("special A", number).uniform(side * side);
        float[] b = generators.of("special B", number).uniform(side * side);
        a[transA ? 4 * side + 2 : 2 * side + 4] = NAN;
        b[transB ? 5 * side + 7 : 7 * side + 5] = INF;
        for (int i = 10; i < side; i++) {
            a[transA ? 7 * side + i : i * side + 7] = 0;
        }
        return KernelCall.number(number, "transA " + transA + ", transB " + transB)
                .input("A", side, side, a)
                .input("B", side, side, b)
                .output("C", side, side)
                .primitive((k, o) -> k.gemm(1, o.get(0), transA, o.get(1), transB, 0, o.get(2)));
    }

    /** A special value in each row and column that must not be lost. */
    private static Stream<KernelCall> reductions(OperandGenerators generators) {
        float[] x = generators.of("special reduce", 0).uniform(70 * 5);
        x[67 * 5] = NAN;
        x[5 + 1] = INF;
        x[2 * 5 + 2] = -INF;
        x[3 * 5 + 3] = INF;
        x[69 * 5 + 3] = -INF;
        List<KernelCall> calls = new ArrayList<>();
        for (Reduction op : Reduction.values()) {
            for (Axis axis : Axis.values()) {
                boolean rows = axis == Axis.ROWS;
                calls.add(KernelCall.number(calls.size(), op + " over " + axis)
                        .input("x", 70, 5, x)
                        .output("y", rows ? 1 : 70, rows ? 5 : 1)
                        .primitive((k, o) -> k.reduce(op, axis, o.get(0), o.get(1))));
            }
        }
        float[] lowest = new float[33];
        Arrays.fill(lowest, -INF);
        calls.add(KernelCall.number(calls.size(), "MAX of nothing but -infinity")
                .input("x", 1, 33, lowest)
                .output("y", 1, 1)
                .primitive((k, o) -> k.reduce(Reduction.MAX, Axis.COLUMNS, o.get(0), o.get(1))));
        return calls.stream();
    }

    /** A row that is not gathered must not affect the result. */
    private static KernelCall gather(OperandGenerators generators) {
        float[] table = generators.of("special gatherRows", 0).uniform(6 * 5);
        Arrays.fill(table, 10, 15, NAN);
        table[21] = INF;
        return KernelCall.number(0, "row 2 is NaN and not chosen")
                .input("table", 6, 5, table)
                .input("position", ElementType.INT32, 1, 1, new float[] {1})
                .input("order", ElementType.INT32, 1, 4, new float[] {2, 5, 4, 0})
                .output("y", 3, 5)
                .primitive((k, o) -> k.gatherRows(o.get(0), o.get(2), o.get(1), 0.5f, 0.25f, o.get(3)));
    }

    private static Stream<KernelCall> activations() {
        float[] y = {0, -0f, NAN, 1, -1, 0.5f, 0.5f, 0.5f};
        float[] dy = {1, 1, 1, 1, INF, NAN, INF, -0f};
        return Stream.of(Activation.values())
                .map(activation -> KernelCall.number(0, activation.toString())
                        .input("y", 1, y.length, y)
                        .input("dy", 1, y.length, dy)
                        .output("dx", 1, y.length)
                        .fused(
                                (k, o) -> k.activationBackward(activation, o.get(0), o.get(1), o.get(2)),
                                (k, o) -> Composed.activationBackward(k, activation, o.get(0), o.get(1), o.get(2))));
    }

    /** Large logits neither overflow nor lose the loss; NaN and infinity affect only their own example. */
    private static KernelCall softmaxCrossEntropy() {
        float[] logits = {1000, 0, -1000, -1000, 900, 950, NAN, 1, 2, INF, 0, 1, 0.1f, 0.2f, 0.3f, 5e4f, 5e4f, -5e4f};
        float[] targets = {0, 0, 1, 0, 1, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0.5f, 0.5f, 0};
        return KernelCall.number(0, "")
                .input("logits", 6, 3, logits)
                .input("targets", 6, 3, targets)
                .output("losses", 6, 1)
                .output("dlogits", 6, 3)
                .fused(
                        (k, o) -> k.softmaxCrossEntropy(o.get(0), o.get(1), o.get(2), o.get(3)),
                        (k, o) -> Composed.softmaxCrossEntropy(k, o.get(0), o.get(1), o.get(2), o.get(3)));
    }

    private static KernelCall argmax() {
        float[] x = {
            0, NAN, 1, -INF, -INF, -INF, -0f, 0, -1, INF, 1, INF, -5, -4, -4, NAN, NAN, NAN, 1, SUBNORMAL, 1, 0, 0,
            NORMAL
        };
        return KernelCall.number(0, "rows with NaN, infinities and equal zeros")
                .input("x", 8, 3, x)
                .output("y", 8, 1)
                .fused((k, o) -> k.argmax(o.get(0), o.get(1)), (k, o) -> Composed.argmax(k, o.get(0), o.get(1)));
    }
}
