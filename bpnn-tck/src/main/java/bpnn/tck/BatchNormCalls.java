package bpnn.tck;

import bpnn.spi.Activation;
import bpnn.spi.ComposedBatchNorm;
import bpnn.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** batchNormTrain, batchNormInfer and batchNormBackward. */
final class BatchNormCalls {
    private static final float EPSILON = 1e-5f;
    private static final float MOMENTUM = 0.1f;

    private BatchNormCalls() {}

    static List<KernelSuite> suites() {
        return List.of(
                new KernelSuite(
                        "batchNormTrain", generators -> calls(generators, Sizes.batches(2), BatchNormCalls::train)),
                new KernelSuite("batchNormInfer", generators -> calls(generators, withEmpty(), BatchNormCalls::infer)),
                new KernelSuite(
                        "batchNormBackward",
                        generators -> calls(generators, Sizes.batches(2), BatchNormCalls::backward)));
    }

    private static List<Shape> withEmpty() {
        List<Shape> shapes = new ArrayList<>(Sizes.batches(1));
        shapes.add(new Shape(0, 5));
        return shapes;
    }

    /** Creates the call with a number and a shape. */
    private interface CallFactory {
        KernelCall of(OperandGenerators generators, int number, int batch, int n);
    }

    private static Stream<KernelCall> calls(OperandGenerators generators, List<Shape> shapes, CallFactory factory) {
        return IntStream.range(0, shapes.size())
                .mapToObj(i -> factory.of(
                        generators, i, shapes.get(i).rows(), shapes.get(i).cols()));
    }

    private static Activation activation(int number) {
        List<Activation> all = List.of(Activation.values());
        return all.get(number % all.size());
    }

    private static KernelCall train(OperandGenerators generators, int number, int batch, int n) {
        OperandGenerator generator = generators.of("batchNormTrain", number);
        Activation activation = activation(number);
        return KernelCall.number(number, activation.toString())
                .input("x", batch, n, generator.uniform(batch * n, -1, 3))
                .input("gamma", 1, n, generator.uniform(n, 0.5f, 1.5f))
                .input("beta", 1, n, generator.uniform(n))
                .updated("runningMean", 1, n, generator.uniform(n))
                .updated("runningVariance", 1, n, generator.uniform(n, 0.5f, 1.5f))
                .output("mean", 1, n)
                .output("inverseStd", 1, n)
                .output("y", batch, n)
                .fused(
                        (k, o) -> k.batchNormTrain(
                                o.get(0),
                                o.get(1),
                                o.get(2),
                                EPSILON,
                                MOMENTUM,
                                o.get(3),
                                o.get(4),
                                o.get(5),
                                o.get(6),
                                activation,
                                o.get(7)),
                        (k, o) -> ComposedBatchNorm.batchNormTrain(
                                k,
                                o.get(0),
                                o.get(1),
                                o.get(2),
                                EPSILON,
                                MOMENTUM,
                                o.get(3),
                                o.get(4),
                                o.get(5),
                                o.get(6),
                                activation,
                                o.get(7)));
    }

    private static KernelCall infer(OperandGenerators generators, int number, int batch, int n) {
        OperandGenerator generator = generators.of("batchNormInfer", number);
        Activation activation = activation(number);
        return KernelCall.number(number, activation.toString())
                .input("x", batch, n, generator.uniform(batch * n, -1, 3))
                .input("gamma", 1, n, generator.uniform(n, 0.5f, 1.5f))
                .input("beta", 1, n, generator.uniform(n))
                .input("runningMean", 1, n, generator.uniform(n))
                .input("runningVariance", 1, n, generator.uniform(n, 0.5f, 1.5f))
                .output("y", batch, n)
                .fused(
                        (k, o) -> k.batchNormInfer(
                                o.get(0), o.get(1), o.get(2), EPSILON, o.get(3), o.get(4), activation, o.get(5)),
                        (k, o) -> ComposedBatchNorm.batchNormInfer(
                                k, o.get(0), o.get(1), o.get(2), EPSILON, o.get(3), o.get(4), activation, o.get(5)));
    }

    private static KernelCall backward(OperandGenerators generators, int number, int batch, int n) {
        OperandGenerator generator = generators.of("batchNormBackward", number);
        return KernelCall.number(number, "")
                .input("x", batch, n, generator.uniform(batch * n, -1, 3))
                .input("gamma", 1, n, generator.uniform(n, 0.5f, 1.5f))
                .input("mean", 1, n, generator.uniform(n, 0.5f, 1.5f))
                .input("inverseStd", 1, n, generator.uniform(n, 0.5f, 1.5f))
                .input("dy", batch, n, generator.uniform(batch * n))
                .output("dgamma", 1, n)
                .output("dbeta", 1, n)
                .output("dx", batch, n)
                .mayAlias(7, 4)
                .fused(
                        (k, o) -> k.batchNormBackward(
                                o.get(0), o.get(1), o.get(2), o.get(3), o.get(4), o.get(5), o.get(6), o.get(7)),
                        (k, o) -> ComposedBatchNorm.batchNormBackward(
                                k, o.get(0), o.get(1), o.get(2), o.get(3), o.get(4), o.get(5), o.get(6), o.get(7)));
    }
}
