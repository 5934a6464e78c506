package bpnn.tck;

import bpnn.spi.Axis;
import bpnn.spi.BinaryOp;
import bpnn.spi.ElementType;
import bpnn.spi.Reduction;
import bpnn.spi.UnaryOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Calls that detect flush-to-zero. */
final class SubnormalCalls {
    private SubnormalCalls() {}

    private static final int COUNT = 37;

    /** Every primitive with operands or results below 2⁻¹²⁶. */
    static Stream<KernelCall> calls(OperandGenerators generators) {
        List<KernelCall> calls = new ArrayList<>();
        addElementwise(generators, calls);
        addSums(generators, calls);
        return calls.stream();
    }

    private static float[] small(OperandGenerators generators) {
        float[] values = generators.of("subnormals", 0).uniform(COUNT, 0.5f, 0.99f);
        for (int i = 0; i < COUNT; i++) {
            values[i] *= Float.MIN_NORMAL;
        }
        return values;
    }

    private static float[] all(float value) {
        float[] values = new float[COUNT];
        Arrays.fill(values, value);
        return values;
    }

    private static void addElementwise(OperandGenerators generators, List<KernelCall> calls) {
        calls.add(
                KernelCall.number(0, "fill").output("y", 1, COUNT).primitive((k, o) -> k.fill(o.get(0), 0x1.8p-130f)));
        for (UnaryOp op : List.of(UnaryOp.COPY, UnaryOp.RELU, UnaryOp.SQRT, UnaryOp.TANH, UnaryOp.LOG)) {
            calls.add(KernelCall.number(calls.size(), "map " + op)
                    .input("x", 1, COUNT, small(generators))
                    .output("y", 1, COUNT)
                    .primitive((k, o) -> k.map(op, o.get(0), o.get(1))));
        }
        for (BinaryOp op : BinaryOp.values()) {
            boolean scales = op == BinaryOp.MULTIPLY || op == BinaryOp.DIVIDE;
            calls.add(KernelCall.number(calls.size(), "zip " + op)
                    .input("a", 1, COUNT, small(generators))
                    .input("b", 1, COUNT, all(scales ? 0.5f : 0))
                    .output("y", 1, COUNT)
                    .primitive((k, o) -> k.zip(op, o.get(0), o.get(1), o.get(2))));
        }
        calls.add(KernelCall.number(calls.size(), "axpby")
                .input("x", 1, COUNT, small(generators))
                .updated("y", 1, COUNT, small(generators))
                .primitive((k, o) -> k.axpby(0.25f, o.get(0), 0.5f, o.get(1))));
        calls.add(KernelCall.number(calls.size(), "gatherRows")
                .input("table", 1, COUNT, small(generators))
                .input("position", ElementType.INT32, 1, 1, new float[1])
                .output("y", 1, COUNT)
                .primitive((k, o) -> k.gatherRows(o.get(0), null, o.get(1), 0.5f, 0, o.get(2))));
    }

    private static void addSums(OperandGenerators generators, List<KernelCall> calls) {
        for (Reduction op : Reduction.values()) {
            calls.add(KernelCall.number(calls.size(), "reduce " + op)
                    .input("x", COUNT, 1, small(generators))
                    .output("y", COUNT, 1)
                    .primitive((k, o) -> k.reduce(op, Axis.COLUMNS, o.get(0), o.get(1))));
        }
        calls.add(KernelCall.number(calls.size(), "gemm of subnormals")
                .input("A", COUNT, 1, small(generators))
                .input("B", 1, COUNT, all(0.5f))
                .output("C", COUNT, COUNT)
                .primitive((k, o) -> k.gemm(1, o.get(0), false, o.get(1), false, 0, o.get(2))));
        calls.add(KernelCall.number(calls.size(), "gemm with subnormal products")
                .input("A", 1, COUNT, all(0x1p-66f))
                .input("B", COUNT, 1, all(0x1p-66f))
                .output("C", 1, 1)
                .primitive((k, o) -> k.gemm(1, o.get(0), false, o.get(1), false, 0, o.get(2))));
    }
}
