package bpnn.tck;

import bpnn.spi.Clock;
import bpnn.spi.Composed;
import bpnn.spi.DropoutSpec;
import bpnn.spi.ElementType;
import bpnn.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Dropout, the loss, the clock and argmax. */
final class LossCalls {
    private static final float[] CLOCK = {2, 14, 41, 5};

    private LossCalls() {}

    static List<KernelSuite> suites() {
        return List.of(
                new KernelSuite("dropout", generators -> calls(generators, LossCalls::dropout)),
                new KernelSuite("dropoutBackward", generators -> calls(generators, LossCalls::dropoutBackward)),
                new KernelSuite("softmaxCrossEntropy", generators -> calls(generators, LossCalls::softmaxCrossEntropy)),
                new KernelSuite("recordLoss", LossCalls::records),
                new KernelSuite("advance", generators -> advances()),
                new KernelSuite("argmax", generators -> calls(generators, LossCalls::argmax)));
    }

    /** Creates the call with a number and a shape. */
    private interface CallFactory {
        KernelCall of(OperandGenerators generators, int number, int batch, int n);
    }

    private static Stream<KernelCall> calls(OperandGenerators generators, CallFactory factory) {
        List<Shape> shapes = new ArrayList<>(Sizes.batches(1));
        shapes.add(new Shape(0, 5));
        Sizes.CLASSES.forEach(classes -> shapes.add(new Shape(33, classes)));
        return IntStream.range(0, shapes.size())
                .mapToObj(i -> factory.of(
                        generators, i, shapes.get(i).rows(), shapes.get(i).cols()));
    }

    private static KernelCall dropout(OperandGenerators generators, int number, int batch, int n) {
        OperandGenerator generator = generators.of("dropout", number);
        float rate = List.of(0.3f, 0.5f, 0f).get(number % 3);
        // A negative and a large seed, since both halves matter.
        long seed = number % 2 == 0 ? -3 : 0x1234_5678_9ABCL;
        DropoutSpec spec = new DropoutSpec(seed, number % 4, rate, number % 5 == 4);
        return KernelCall.number(number, spec.toString())
                .input("x", batch, n, generator.uniform(batch * n))
                .input("clock", ElementType.INT32, 1, Clock.LENGTH, CLOCK)
                .output("mask", batch, n)
                .output("y", batch, n)
                .mayAlias(3, 0)
                .fused(
                        (k, o) -> k.dropout(o.get(0), spec, o.get(1), o.get(2), o.get(3)),
                        (k, o) -> Composed.dropout(k, o.get(0), spec, o.get(1), o.get(2), o.get(3)));
    }

    private static KernelCall dropoutBackward(OperandGenerators generators, int number, int batch, int n) {
        OperandGenerator generator = generators.of("dropoutBackward", number);
        return KernelCall.number(number, "")
                .input("dy", batch, n, generator.uniform(batch * n))
                .input("mask", batch, n, generator.among(batch * n, 0, 1.25f))
                .output("dx", batch, n)
                .mayAlias(2, 0)
                .fused(
                        (k, o) -> k.dropoutBackward(o.get(0), o.get(1), o.get(2)),
                        (k, o) -> Composed.dropoutBackward(k, o.get(0), o.get(1), o.get(2)));
    }

    /** Every third call has large logits, as from a confident network. */
    private static KernelCall softmaxCrossEntropy(OperandGenerators generators, int number, int batch, int n) {
        OperandGenerator generator = generators.of("softmaxCrossEntropy", number);
        float range = number % 3 == 2 ? 60 : 3;
        float[] targets = new float[batch * n];
        float[] labels = generator.whole(batch, n);
        for (int i = 0; i < batch; i++) {
            targets[i * n + (int) labels[i]] += 0.75f;
            targets[i * n] += 0.25f;
        }
        KernelCall.Builder builder = KernelCall.number(number, "")
                .input("logits", batch, n, generator.uniform(batch * n, -range, range))
                .input("targets", batch, n, targets)
                .output("losses", batch, 1);
        if (number % 4 == 3) {
            return builder.fused(
                    (k, o) -> k.softmaxCrossEntropy(o.get(0), o.get(1), o.get(2), null),
                    (k, o) -> Composed.softmaxCrossEntropy(k, o.get(0), o.get(1), o.get(2), null));
        }
        return builder.output("dlogits", batch, n)
                .fused(
                        (k, o) -> k.softmaxCrossEntropy(o.get(0), o.get(1), o.get(2), o.get(3)),
                        (k, o) -> Composed.softmaxCrossEntropy(k, o.get(0), o.get(1), o.get(2), o.get(3)));
    }

    private static Stream<KernelCall> records(OperandGenerators generators) {
        return IntStream.range(0, Sizes.SIDES.size()).mapToObj(i -> {
            int batch = Sizes.SIDES.get(i);
            OperandGenerator generator = generators.of("recordLoss", i);
            return KernelCall.number(i, "")
                    .input("losses", batch, 1, generator.uniform(batch, 0, 3))
                    .input("clock", ElementType.INT32, 1, Clock.LENGTH, CLOCK)
                    .updated("history", 1, 5, generator.uniform(5))
                    .fused(
                            (k, o) -> k.recordLoss(o.get(0), o.get(1), o.get(2)),
                            (k, o) -> Composed.recordLoss(k, o.get(0), o.get(1), o.get(2)));
        });
    }

    private static Stream<KernelCall> advances() {
        return IntStream.of(1, 7, 128)
                .mapToObj(batch -> KernelCall.number(batch, "batch " + batch)
                        .updated("clock", ElementType.INT32, 1, Clock.LENGTH, CLOCK)
                        .fused((k, o) -> k.advance(o.get(0), batch), (k, o) -> Composed.advance(o.get(0), batch)));
    }

    /** Few distinct values, so that most rows contain their maximum several times. */
    private static KernelCall argmax(OperandGenerators generators, int number, int batch, int n) {
        OperandGenerator generator = generators.of("argmax", number);
        return KernelCall.number(number, "")
                .input("x", batch, n, generator.among(batch * n, -2, -0.5f, 1, 3))
                .output("y", batch, 1)
                .fused((k, o) -> k.argmax(o.get(0), o.get(1)), (k, o) -> Composed.argmax(k, o.get(0), o.get(1)));
    }
}
