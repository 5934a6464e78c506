package bpnn.tck;

import bpnn.spi.Activation;
import bpnn.spi.Clock;
import bpnn.spi.Composed;
import bpnn.spi.ComposedBatchNorm;
import bpnn.spi.DropoutSpec;
import bpnn.spi.ElementType;
import bpnn.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The kernels of whole layers and of a step; each combines several fused kernels or primitives. */
final class LayerCalls {
    private static final float[] CLOCK = {2, 14, 41, 5};
    private static final float EPSILON = 1e-5f;
    private static final float MOMENTUM = 0.1f;
    private static final int IN = 5;

    private LayerCalls() {}

    static List<KernelSuite> suites() {
        List<Shape> withEmpty = new ArrayList<>(Sizes.batches(1));
        withEmpty.add(new Shape(0, 5));
        List<Shape> statistics = Sizes.batches(2);
        return List.of(
                new KernelSuite(
                        "denseDropoutForward", generators -> calls(generators, withEmpty, LayerCalls::denseDropout)),
                new KernelSuite(
                        "denseLayerBackward", generators -> calls(generators, withEmpty, LayerCalls::denseBackward)),
                new KernelSuite(
                        "batchNormDropoutTrain",
                        generators -> calls(generators, statistics, LayerCalls::batchNormDropout)),
                new KernelSuite(
                        "batchNormLayerBackward",
                        generators -> calls(generators, statistics, LayerCalls::batchNormBackward)),
                new KernelSuite("gatherBatch", generators -> calls(generators, withEmpty, LayerCalls::gatherBatch)),
                new KernelSuite(
                        "trainingLoss", generators -> calls(generators, Sizes.batches(1), LayerCalls::trainingLoss)));
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

    private static DropoutSpec dropout(int number) {
        return new DropoutSpec(number - 20L, number % 3, number % 2 == 0 ? 0.3f : 0.5f, number % 5 == 4);
    }

    private static KernelCall denseDropout(OperandGenerators generators, int number, int batch, int n) {
        OperandGenerator generator = generators.of("denseDropoutForward", number);
        Activation activation = activation(number);
        DropoutSpec spec = dropout(number);
        boolean biased = number % 3 != 2;
        return KernelCall.number(number, activation + ", " + spec + (biased ? "" : ", no bias"))
                .input("x", batch, IN, generator.uniform(batch * IN))
                .input("W", IN, n, generator.uniform(IN * n))
                .input("bias", 1, n, generator.uniform(n))
                .input("clock", ElementType.INT32, 1, Clock.LENGTH, CLOCK)
                .output("mask", batch, n)
                .output("y", batch, n)
                .output("dropped", batch, n)
                .fused(
                        (k, o) -> k.denseDropoutForward(
                                o.get(0),
                                o.get(1),
                                biased ? o.get(2) : null,
                                activation,
                                spec,
                                o.get(3),
                                o.get(4),
                                o.get(5),
                                o.get(6)),
                        (k, o) -> Composed.denseDropoutForward(
                                k,
                                o.get(0),
                                o.get(1),
                                biased ? o.get(2) : null,
                                activation,
                                spec,
                                o.get(3),
                                o.get(4),
                                o.get(5),
                                o.get(6)));
    }

    private static KernelCall denseBackward(OperandGenerators generators, int number, int batch, int n) {
        OperandGenerator generator = generators.of("denseLayerBackward", number);
        Activation activation = activation(number);
        boolean masked = number % 3 != 0;
        KernelCall.Builder builder = KernelCall.number(number, activation + (masked ? "" : ", no mask"))
                .input("x", batch, IN, generator.uniform(batch * IN))
                .input("W", IN, n, generator.uniform(IN * n))
                .input("y", batch, n, generator.outputs(activation, batch * n))
                .input("mask", batch, n, generator.among(batch * n, 0, 1.25f))
                .input("dy", batch, n, generator.uniform(batch * n))
                .output("dz", batch, n)
                .mayAlias(5, 4);
        return switch (number % 4) {
            case 0 ->
                builder.output("dbias", 1, n)
                        .fused(
                                (k, o) -> k.denseLayerBackward(
                                        o.get(0),
                                        o.get(1),
                                        activation,
                                        o.get(2),
                                        masked ? o.get(3) : null,
                                        o.get(4),
                                        o.get(5),
                                        null,
                                        o.get(6),
                                        null),
                                (k, o) -> Composed.denseLayerBackward(
                                        k,
                                        o.get(0),
                                        o.get(1),
                                        activation,
                                        o.get(2),
                                        masked ? o.get(3) : null,
                                        o.get(4),
                                        o.get(5),
                                        null,
                                        o.get(6),
                                        null));
            case 1 ->
                builder.output("dx", batch, IN)
                        .fused(
                                (k, o) -> k.denseLayerBackward(
                                        o.get(0),
                                        o.get(1),
                                        activation,
                                        o.get(2),
                                        masked ? o.get(3) : null,
                                        o.get(4),
                                        o.get(5),
                                        null,
                                        null,
                                        o.get(6)),
                                (k, o) -> Composed.denseLayerBackward(
                                        k,
                                        o.get(0),
                                        o.get(1),
                                        activation,
                                        o.get(2),
                                        masked ? o.get(3) : null,
                                        o.get(4),
                                        o.get(5),
                                        null,
                                        null,
                                        o.get(6)));
            default ->
                builder.output("dW", IN, n)
                        .output("dbias", 1, n)
                        .output("dx", batch, IN)
                        .fused(
                                (k, o) -> k.denseLayerBackward(
                                        o.get(0),
                                        o.get(1),
                                        activation,
                                        o.get(2),
                                        masked ? o.get(3) : null,
                                        o.get(4),
                                        o.get(5),
                                        o.get(6),
                                        o.get(7),
                                        o.get(8)),
                                (k, o) -> Composed.denseLayerBackward(
                                        k,
                                        o.get(0),
                                        o.get(1),
                                        activation,
                                        o.get(2),
                                        masked ? o.get(3) : null,
                                        o.get(4),
                                        o.get(5),
                                        o.get(6),
                                        o.get(7),
                                        o.get(8)));
        };
    }

    private static KernelCall batchNormDropout(OperandGenerators generators, int number, int batch, int n) {
        OperandGenerator generator = generators.of("batchNormDropoutTrain", number);
        Activation activation = activation(number);
        DropoutSpec spec = dropout(number);
        return KernelCall.number(number, activation + ", " + spec)
                .input("x", batch, n, generator.uniform(batch * n, -1, 3))
                .input("gamma", 1, n, generator.uniform(n, 0.5f, 1.5f))
                .input("beta", 1, n, generator.uniform(n))
                .updated("runningMean", 1, n, generator.uniform(n))
                .updated("runningVariance", 1, n, generator.uniform(n, 0.5f, 1.5f))
                .output("mean", 1, n)
                .output("inverseStd", 1, n)
                .input("clock", ElementType.INT32, 1, Clock.LENGTH, CLOCK)
                .output("mask", batch, n)
                .output("y", batch, n)
                .output("dropped", batch, n)
                .fused(
                        (k, o) -> k.batchNormDropoutTrain(
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
                                spec,
                                o.get(7),
                                o.get(8),
                                o.get(9),
                                o.get(10)),
                        (k, o) -> ComposedBatchNorm.batchNormDropoutTrain(
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
                                spec,
                                o.get(7),
                                o.get(8),
                                o.get(9),
                                o.get(10)));
    }

    private static KernelCall batchNormBackward(OperandGenerators generators, int number, int batch, int n) {
        OperandGenerator generator = generators.of("batchNormLayerBackward", number);
        Activation activation = activation(number);
        boolean masked = number % 3 != 0;
        return KernelCall.number(number, activation + (masked ? "" : ", no mask"))
                .input("x", batch, n, generator.uniform(batch * n, -1, 3))
                .input("gamma", 1, n, generator.uniform(n, 0.5f, 1.5f))
                .input("mean", 1, n, generator.uniform(n, 0.5f, 1.5f))
                .input("inverseStd", 1, n, generator.uniform(n, 0.5f, 1.5f))
                .input("y", batch, n, generator.outputs(activation, batch * n))
                .input("mask", batch, n, generator.among(batch * n, 0, 1.25f))
                .input("dy", batch, n, generator.uniform(batch * n))
                .output("dgamma", 1, n)
                .output("dbeta", 1, n)
                .output("dx", batch, n)
                .mayAlias(9, 6)
                .fused(
                        (k, o) -> k.batchNormLayerBackward(
                                o.get(0),
                                o.get(1),
                                o.get(2),
                                o.get(3),
                                activation,
                                o.get(4),
                                masked ? o.get(5) : null,
                                o.get(6),
                                o.get(7),
                                o.get(8),
                                o.get(9)),
                        (k, o) -> ComposedBatchNorm.batchNormLayerBackward(
                                k,
                                o.get(0),
                                o.get(1),
                                o.get(2),
                                o.get(3),
                                activation,
                                o.get(4),
                                masked ? o.get(5) : null,
                                o.get(6),
                                o.get(7),
                                o.get(8),
                                o.get(9)));
    }

    /** Bytes or floats, with or without an order. */
    private static KernelCall gatherBatch(OperandGenerators generators, int number, int batch, int n) {
        OperandGenerator generator = generators.of("gatherBatch", number);
        ElementType type = number % 2 == 0 ? ElementType.UINT8 : ElementType.FLOAT32;
        boolean ordered = number % 3 != 2;
        int position = 1 + number % 3;
        int rows = batch + position;
        return KernelCall.number(number, "position " + position + (ordered ? "" : ", no order"))
                .input("images", type, rows, n, generator.whole(rows * n, 256))
                .input("labels", type, rows, IN, generator.whole(rows * IN, 2))
                .input("order", ElementType.INT32, 1, rows, generator.order(rows))
                .input("position", ElementType.INT32, 1, 1, new float[] {position})
                .output("x", batch, n)
                .output("targets", batch, IN)
                .fused(
                        (k, o) -> k.gatherBatch(
                                o.get(0),
                                o.get(1),
                                ordered ? o.get(2) : null,
                                o.get(3),
                                1f / 255,
                                -0.4f,
                                0.9f,
                                0.02f,
                                o.get(4),
                                o.get(5)),
                        (k, o) -> Composed.gatherBatch(
                                k,
                                o.get(0),
                                o.get(1),
                                ordered ? o.get(2) : null,
                                o.get(3),
                                1f / 255,
                                -0.4f,
                                0.9f,
                                0.02f,
                                o.get(4),
                                o.get(5)));
    }

    private static KernelCall trainingLoss(OperandGenerators generators, int number, int batch, int n) {
        OperandGenerator generator = generators.of("trainingLoss", number);
        float[] targets = new float[batch * n];
        float[] labels = generator.whole(batch, n);
        for (int i = 0; i < batch; i++) {
            targets[i * n + (int) labels[i]] = 1;
        }
        return KernelCall.number(number, "")
                .input("logits", batch, n, generator.uniform(batch * n, -3, 3))
                .input("targets", batch, n, targets)
                .output("losses", batch, 1)
                .output("dlogits", batch, n)
                .input("clock", ElementType.INT32, 1, Clock.LENGTH, CLOCK)
                .updated("history", 1, 5, generator.uniform(5))
                .fused(
                        (k, o) -> k.trainingLoss(o.get(0), o.get(1), o.get(2), o.get(3), o.get(4), o.get(5)),
                        (k, o) -> Composed.trainingLoss(k, o.get(0), o.get(1), o.get(2), o.get(3), o.get(4), o.get(5)));
    }
}
