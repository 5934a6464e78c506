package bpnn.tck;

import bpnn.spi.Composed;
import bpnn.tensor.Shape;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The optimiser steps. */
final class UpdateCalls {

    /**
     * η / (1 - β₁ᵗ), 1 / √(1 - β₂ᵗ), ε: of an early and a late step, and with an ε large enough to reveal where it is
     * added.
     */
    private static final float[][] ADAM_RATES = {{0.01f, 31.6f, 1e-8f}, {1e-3f, 1.01f, 1e-8f}, {0.02f, 1.5f, 0.25f}};

    private UpdateCalls() {}

    static List<KernelSuite> suites() {
        return List.of(
                new KernelSuite("sgd", generators -> calls(generators, UpdateCalls::sgd)),
                new KernelSuite("momentum", generators -> calls(generators, UpdateCalls::momentum)),
                new KernelSuite("adam", generators -> calls(generators, UpdateCalls::adam)));
    }

    /** Creates the call with a number and a shape. */
    private interface CallFactory {
        KernelCall of(OperandGenerators generators, int number, int rows, int cols);
    }

    private static Stream<KernelCall> calls(OperandGenerators generators, CallFactory factory) {
        List<Shape> shapes = Sizes.matrices();
        return IntStream.range(0, shapes.size())
                .mapToObj(i -> factory.of(
                        generators, i, shapes.get(i).rows(), shapes.get(i).cols()));
    }

    private static KernelCall sgd(OperandGenerators generators, int number, int rows, int cols) {
        OperandGenerator generator = generators.of("sgd", number);
        return KernelCall.number(number, "")
                .updated("w", rows, cols, generator.uniform(rows * cols))
                .input("g", rows, cols, generator.uniform(rows * cols))
                .input("rates", 1, 1, new float[] {0.3f})
                .fused(
                        (k, o) -> k.sgd(o.get(0), o.get(1), o.get(2)),
                        (k, o) -> Composed.sgd(k, o.get(0), o.get(1), o.get(2)));
    }

    private static KernelCall momentum(OperandGenerators generators, int number, int rows, int cols) {
        OperandGenerator generator = generators.of("momentum", number);
        float momentum = number % 2 == 0 ? 0.9f : 0.5f;
        return KernelCall.number(number, "μ " + momentum)
                .updated("w", rows, cols, generator.uniform(rows * cols))
                .input("g", rows, cols, generator.uniform(rows * cols))
                .updated("velocity", rows, cols, generator.uniform(rows * cols))
                .input("rates", 1, 1, new float[] {0.3f})
                .fused(
                        (k, o) -> k.momentum(o.get(0), o.get(1), o.get(2), momentum, o.get(3)),
                        (k, o) -> Composed.momentum(k, o.get(0), o.get(1), o.get(2), momentum, o.get(3)));
    }

    private static KernelCall adam(OperandGenerators generators, int number, int rows, int cols) {
        OperandGenerator generator = generators.of("adam", number);
        float[] rates = ADAM_RATES[number % ADAM_RATES.length];
        // Without an average of the gradients it is the step of RMSprop.
        float beta1 = number % 4 == 3 ? 0 : 0.9f;
        return KernelCall.number(number, "β₁ " + beta1 + ", rates " + rates[0] + ", " + rates[1] + ", " + rates[2])
                .updated("w", rows, cols, generator.uniform(rows * cols))
                .input("g", rows, cols, generator.uniform(rows * cols))
                .updated("m", rows, cols, generator.uniform(rows * cols))
                .updated("v", rows, cols, generator.uniform(rows * cols, 0, 1))
                .input("rates", 1, 3, rates)
                .fused(
                        (k, o) -> k.adam(o.get(0), o.get(1), o.get(2), o.get(3), beta1, 0.999f, o.get(4)),
                        (k, o) -> Composed.adam(k, o.get(0), o.get(1), o.get(2), o.get(3), beta1, 0.999f, o.get(4)));
    }
}
