package bpnn.tck;

import bpnn.spi.Axis;
import bpnn.spi.ElementType;
import bpnn.spi.Reduction;
import bpnn.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** reduce and gatherRows. */
final class ReductionCalls {

    private ReductionCalls() {}

    static List<KernelSuite> suites() {
        List<KernelSuite> suites = new ArrayList<>();
        for (Reduction op : Reduction.values()) {
            for (Axis axis : Axis.values()) {
                String name = "reduce " + op + " over " + axis.name().toLowerCase(Locale.ROOT);
                suites.add(new KernelSuite(name, generators -> reductions(generators, op, axis)));
            }
        }
        suites.add(new KernelSuite("gatherRows of bytes", generators -> gathers(generators, ElementType.UINT8)));
        suites.add(new KernelSuite("gatherRows of floats", generators -> gathers(generators, ElementType.FLOAT32)));
        return suites;
    }

    private static Stream<KernelCall> reductions(OperandGenerators generators, Reduction op, Axis axis) {
        List<Shape> shapes = new ArrayList<>(Sizes.matrices());
        shapes.add(new Shape(1000, 7));
        shapes.add(new Shape(7, 1000));
        return IntStream.range(0, shapes.size()).mapToObj(i -> {
            Shape x = shapes.get(i);
            OperandGenerator generator = generators.of("reduce " + op + axis, i);
            boolean rows = axis == Axis.ROWS;
            return KernelCall.number(i, "")
                    .input("x", x.rows(), x.cols(), generator.uniform(x.size()))
                    .output("y", rows ? 1 : x.rows(), rows ? x.cols() : 1)
                    .primitive((k, o) -> k.reduce(op, axis, o.get(0), o.get(1)));
        });
    }

    private static Stream<KernelCall> gathers(OperandGenerators generators, ElementType type) {
        List<Shape> batches = Sizes.matrices();
        return IntStream.range(0, 2 * batches.size())
                .mapToObj(i -> gather(generators, type, i, batches.get(i / 2), i % 2 == 0));
    }

    /** The batch ends at the end of the order or, without one, at the last row of the table. */
    private static KernelCall gather(
            OperandGenerators generators, ElementType type, int number, Shape batch, boolean ordered) {
        OperandGenerator generator = generators.of("gatherRows " + type, number);
        int position = 1 + number % 3;
        int rows = batch.rows() + position;
        boolean plain = number % 5 < 2;
        float scale = plain ? 1 : 1f / 255;
        float shift = number % 5 == 4 ? -0.4f : 0;
        int size = rows * batch.cols();
        float[] content = type == ElementType.UINT8 ? generator.whole(size, 256) : generator.uniform(size);
        KernelCall.Builder builder = KernelCall.number(
                        number, "position " + position + ", scale " + scale + ", shift " + shift)
                .input("table", type, rows, batch.cols(), content)
                .input("position", ElementType.INT32, 1, 1, new float[] {position})
                .output("y", batch.rows(), batch.cols());
        if (ordered) {
            return builder.input("order", ElementType.INT32, 1, rows, generator.order(rows))
                    .primitive((k, o) -> k.gatherRows(o.get(0), o.get(3), o.get(1), scale, shift, o.get(2)));
        }
        return builder.primitive((k, o) -> k.gatherRows(o.get(0), null, o.get(1), scale, shift, o.get(2)));
    }
}
