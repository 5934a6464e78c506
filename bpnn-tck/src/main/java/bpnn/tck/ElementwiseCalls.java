package bpnn.tck;

import bpnn.spi.BinaryOp;
import bpnn.spi.UnaryOp;
import bpnn.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** fill, map, zip and axpby. */
final class ElementwiseCalls {

    private ElementwiseCalls() {}

    static List<KernelSuite> suites() {
        List<KernelSuite> suites = new ArrayList<>();
        suites.add(new KernelSuite("fill", ElementwiseCalls::fills));
        for (UnaryOp op : UnaryOp.values()) {
            suites.add(new KernelSuite("map " + op, generators -> maps(generators, op)));
        }
        for (BinaryOp op : BinaryOp.values()) {
            suites.add(new KernelSuite("zip " + op, generators -> zips(generators, op)));
        }
        suites.add(new KernelSuite("axpby", ElementwiseCalls::axpbys));
        return suites;
    }

    private static Stream<KernelCall> numbered(CallFactory call) {
        List<Shape> shapes = Sizes.matrices();
        return IntStream.range(0, shapes.size()).mapToObj(i -> call.of(i, shapes.get(i)));
    }

    /** Creates the call with a number and a shape. */
    private interface CallFactory {
        KernelCall of(int number, Shape shape);
    }

    private static Stream<KernelCall> fills(OperandGenerators generators) {
        return numbered((number, shape) -> {
            float value = generators.of("fill", number).uniform(1)[0];
            return KernelCall.number(number, "value " + value)
                    .output("y", shape.rows(), shape.cols())
                    .primitive((k, o) -> k.fill(o.get(0), value));
        });
    }

    private static Stream<KernelCall> maps(OperandGenerators generators, UnaryOp op) {
        return numbered((number, shape) -> {
            OperandGenerator generator = generators.of("map " + op, number);
            return KernelCall.number(number, "")
                    .input("x", shape.rows(), shape.cols(), arguments(op, generator, shape.size(), number))
                    .output("y", shape.rows(), shape.cols())
                    .mayAlias(1, 0)
                    .primitive((k, o) -> k.map(op, o.get(0), o.get(1)));
        });
    }

    /** Mostly typical values of training; every third call covers the whole range with finite results. */
    private static float[] arguments(UnaryOp op, OperandGenerator generator, int count, int number) {
        boolean wide = number % 3 == 2;
        return switch (op) {
            case LOG, SQRT -> generator.uniform(count, 0x1p-20f, wide ? 1e30f : 4);
            case EXP -> generator.uniform(count, wide ? -110 : -4, wide ? 88 : 4);
            default -> generator.uniform(count, wide ? -100 : -4, wide ? 100 : 4);
        };
    }

    private static Stream<KernelCall> zips(OperandGenerators generators, BinaryOp op) {
        List<Shape> shapes = Sizes.matrices();
        return IntStream.range(0, 4 * shapes.size()).mapToObj(i -> {
            Shape a = shapes.get(i / 4);
            Shape b = new Shape((i & 1) == 0 ? a.rows() : 1, (i & 2) == 0 ? a.cols() : 1);
            return zip(generators, op, i, a, b);
        });
    }

    private static KernelCall zip(OperandGenerators generators, BinaryOp op, int number, Shape a, Shape b) {
        OperandGenerator generator = generators.of("zip " + op, number);
        // Small integers, so that comparisons see equal numbers.
        boolean compares = op == BinaryOp.GREATER || op == BinaryOp.EQUAL;
        float[] left = compares ? generator.whole(a.size(), 3) : generator.uniform(a.size());
        float[] right = compares ? generator.whole(b.size(), 3) : generator.uniform(b.size(), 0.25f, 2);
        KernelCall.Builder builder = KernelCall.number(number, "")
                .input("a", a.rows(), a.cols(), left)
                .input("b", b.rows(), b.cols(), right)
                .output("y", a.rows(), a.cols())
                .mayAlias(2, 0);
        if (a.equals(b)) {
            builder.mayAlias(2, 1);
        }
        return builder.primitive((k, o) -> k.zip(op, o.get(0), o.get(1), o.get(2)));
    }

    private static Stream<KernelCall> axpbys(OperandGenerators generators) {
        return numbered((number, shape) -> {
            OperandGenerator generator = generators.of("axpby", number);
            float alpha = number % 2 == 0 ? 1 : -0.7f;
            float beta = number % 3 == 0 ? 0 : 0.9f;
            int size = shape.size();
            KernelCall.Builder builder = KernelCall.number(number, "α " + alpha + ", β " + beta)
                    .input("x", shape.rows(), shape.cols(), generator.uniform(size));
            if (beta == 0) {
                builder.output("y", shape.rows(), shape.cols());
            } else {
                builder.updated("y", shape.rows(), shape.cols(), generator.uniform(size));
            }
            return builder.mayAlias(1, 0).primitive((k, o) -> k.axpby(alpha, o.get(0), beta, o.get(1)));
        });
    }
}
