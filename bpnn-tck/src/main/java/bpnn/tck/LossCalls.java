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
    private static final float[] CLOCK = {2, 14, 41};

    private LossCalls() {}

    static List<KernelSuite> suites() {
        return List.of(
                new KernelSuite("dropout", draws -> calls(draws, LossCalls::dropout)),
                new KernelSuite("dropoutBackward", draws -> calls(draws, LossCalls::dropoutBackward)),
                new KernelSuite("softmaxCrossEntropy", draws -> calls(draws, LossCalls::softmaxCrossEntropy)),
                new KernelSuite("recordLoss", LossCalls::records),
                new KernelSuite("advance", draws -> advances()),
                new KernelSuite("argmax", draws -> calls(draws, LossCalls::argmax)));
    }

    /** Makes the call of a number and a shape. */
    private interface Maker {
        KernelCall of(Draws draws, int number, int batch, int n);
    }

    private static Stream<KernelCall> calls(Draws draws, Maker maker) {
        List<Shape> shapes = new ArrayList<>(Sizes.batches(1));
        shapes.add(new Shape(0, 5));
        return IntStream.range(0, shapes.size())
                .mapToObj(i ->
                        maker.of(draws, i, shapes.get(i).rows(), shapes.get(i).cols()));
    }

    private static KernelCall dropout(Draws draws, int number, int batch, int n) {
        Draw draw = draws.of("dropout", number);
        float rate = List.of(0.3f, 0.5f, 0f).get(number % 3);
        // A negative key and a large one: both halves of it count.
        long seed = number % 2 == 0 ? -3 : 0x1234_5678_9ABCL;
        DropoutSpec spec = new DropoutSpec(seed, number % 4, rate, number % 5 == 4);
        return KernelCall.number(number, spec.toString())
                .input("x", batch, n, draw.uniform(batch * n))
                .input("clock", ElementType.INT32, 1, Clock.LENGTH, CLOCK)
                .output("mask", batch, n)
                .output("y", batch, n)
                .mayAlias(3, 0)
                .fused(
                        (k, o) -> k.dropout(o.get(0), spec, o.get(1), o.get(2), o.get(3)),
                        (k, o) -> Composed.dropout(k, o.get(0), spec, o.get(1), o.get(2), o.get(3)));
    }

    private static KernelCall dropoutBackward(Draws draws, int number, int batch, int n) {
        Draw draw = draws.of("dropoutBackward", number);
        return KernelCall.number(number, "")
                .input("dy", batch, n, draw.uniform(batch * n))
                .input("mask", batch, n, draw.among(batch * n, 0, 1.25f))
                .output("dx", batch, n)
                .mayAlias(2, 0)
                .fused(
                        (k, o) -> k.dropoutBackward(o.get(0), o.get(1), o.get(2)),
                        (k, o) -> Composed.dropoutBackward(k, o.get(0), o.get(1), o.get(2)));
    }

    /** Every third call with large logits, as of a network that is sure of itself. */
    private static KernelCall softmaxCrossEntropy(Draws draws, int number, int batch, int n) {
        Draw draw = draws.of("softmaxCrossEntropy", number);
        float range = number % 3 == 2 ? 60 : 3;
        float[] targets = new float[batch * n];
        float[] labels = draw.whole(batch, n);
        for (int i = 0; i < batch; i++) {
            targets[i * n + (int) labels[i]] += 0.75f;
            targets[i * n] += 0.25f;
        }
        KernelCall.Builder builder = KernelCall.number(number, "")
                .input("logits", batch, n, draw.uniform(batch * n, -range, range))
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

    private static Stream<KernelCall> records(Draws draws) {
        return IntStream.range(0, Sizes.SIDES.size()).mapToObj(i -> {
            int batch = Sizes.SIDES.get(i);
            Draw draw = draws.of("recordLoss", i);
            return KernelCall.number(i, "")
                    .input("losses", batch, 1, draw.uniform(batch, 0, 3))
                    .input("clock", ElementType.INT32, 1, Clock.LENGTH, CLOCK)
                    .updated("history", 1, 5, draw.uniform(5))
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

    /** Few different numbers, so that most rows have their maximum in several places. */
    private static KernelCall argmax(Draws draws, int number, int batch, int n) {
        Draw draw = draws.of("argmax", number);
        return KernelCall.number(number, "")
                .input("x", batch, n, draw.among(batch * n, -2, -0.5f, 1, 3))
                .output("y", batch, 1)
                .fused((k, o) -> k.argmax(o.get(0), o.get(1)), (k, o) -> Composed.argmax(k, o.get(0), o.get(1)));
    }
}
