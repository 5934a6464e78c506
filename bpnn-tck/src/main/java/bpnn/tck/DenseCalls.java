package bpnn.tck;

import bpnn.spi.Activation;
import bpnn.spi.Composed;
import bpnn.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** denseForward, denseBackward and activationBackward. */
final class DenseCalls {

    /** The dimensions of a dense layer. */
    private record Layer(int batch, int in, int out) {}

    private DenseCalls() {}

    static List<KernelSuite> suites() {
        List<KernelSuite> suites = new ArrayList<>();
        for (Activation activation : Activation.values()) {
            suites.add(new KernelSuite("denseForward " + activation, generators -> forwards(generators, activation)));
        }
        suites.add(new KernelSuite("denseBackward", DenseCalls::backwards));
        for (Activation activation : Activation.values()) {
            suites.add(new KernelSuite(
                    "activationBackward " + activation, generators -> activations(generators, activation)));
        }
        return suites;
    }

    private static List<Layer> layers() {
        List<Layer> layers = new ArrayList<>();
        for (int side : Sizes.SIDES) {
            layers.add(new Layer(side, 3, 5));
            layers.add(new Layer(5, side, 3));
            layers.add(new Layer(3, 5, side));
        }
        layers.add(new Layer(0, 5, 3));
        layers.add(new Layer(65, 33, 129));
        layers.add(new Layer(128, 257, 64));
        Sizes.CLASSES.forEach(classes -> layers.add(new Layer(33, 20, classes)));
        return layers;
    }

    private static Stream<KernelCall> forwards(OperandGenerators generators, Activation activation) {
        List<Layer> layers = layers();
        return IntStream.range(0, 2 * layers.size()).mapToObj(i -> {
            Layer layer = layers.get(i / 2);
            OperandGenerator generator = generators.of("denseForward " + activation, i);
            KernelCall.Builder builder = KernelCall.number(i, "")
                    .input("x", layer.batch(), layer.in(), generator.uniform(layer.batch() * layer.in()))
                    .input("W", layer.in(), layer.out(), generator.uniform(layer.in() * layer.out()))
                    .output("y", layer.batch(), layer.out());
            if (i % 2 == 0) {
                return builder.fused(
                        (k, o) -> k.denseForward(o.get(0), o.get(1), null, activation, o.get(2)),
                        (k, o) -> Composed.denseForward(k, o.get(0), o.get(1), null, activation, o.get(2)));
            }
            return builder.input("bias", 1, layer.out(), generator.uniform(layer.out()))
                    .fused(
                            (k, o) -> k.denseForward(o.get(0), o.get(1), o.get(3), activation, o.get(2)),
                            (k, o) -> Composed.denseForward(k, o.get(0), o.get(1), o.get(3), activation, o.get(2)));
        });
    }

    private static Stream<KernelCall> backwards(OperandGenerators generators) {
        List<Layer> layers = layers();
        return IntStream.range(0, 3 * layers.size()).mapToObj(i -> {
            Layer layer = layers.get(i / 3);
            OperandGenerator generator = generators.of("denseBackward", i);
            KernelCall.Builder builder = KernelCall.number(i, "")
                    .input("x", layer.batch(), layer.in(), generator.uniform(layer.batch() * layer.in()))
                    .input("W", layer.in(), layer.out(), generator.uniform(layer.in() * layer.out()))
                    .input("dy", layer.batch(), layer.out(), generator.uniform(layer.batch() * layer.out()))
                    .output("dW", layer.in(), layer.out());
            return switch (i % 3) {
                case 0 ->
                    builder.output("dbias", 1, layer.out())
                            .output("dx", layer.batch(), layer.in())
                            .fused(
                                    (k, o) ->
                                            k.denseBackward(o.get(0), o.get(1), o.get(2), o.get(3), o.get(4), o.get(5)),
                                    (k, o) -> Composed.denseBackward(
                                            k, o.get(0), o.get(1), o.get(2), o.get(3), o.get(4), o.get(5)));
                case 1 ->
                    builder.output("dx", layer.batch(), layer.in())
                            .fused(
                                    (k, o) -> k.denseBackward(o.get(0), o.get(1), o.get(2), o.get(3), null, o.get(4)),
                                    (k, o) -> Composed.denseBackward(
                                            k, o.get(0), o.get(1), o.get(2), o.get(3), null, o.get(4)));
                default ->
                    builder.output("dbias", 1, layer.out())
                            .fused(
                                    (k, o) -> k.denseBackward(o.get(0), o.get(1), o.get(2), o.get(3), o.get(4), null),
                                    (k, o) -> Composed.denseBackward(
                                            k, o.get(0), o.get(1), o.get(2), o.get(3), o.get(4), null));
            };
        });
    }

    private static Stream<KernelCall> activations(OperandGenerators generators, Activation activation) {
        List<Shape> shapes = Sizes.matrices();
        return IntStream.range(0, shapes.size()).mapToObj(i -> {
            Shape shape = shapes.get(i);
            OperandGenerator generator = generators.of("activationBackward " + activation, i);
            return KernelCall.number(i, "")
                    .input("y", shape.rows(), shape.cols(), generator.outputs(activation, shape.size()))
                    .input("dy", shape.rows(), shape.cols(), generator.uniform(shape.size()))
                    .output("dx", shape.rows(), shape.cols())
                    .mayAlias(2, 1)
                    .fused(
                            (k, o) -> k.activationBackward(activation, o.get(0), o.get(1), o.get(2)),
                            (k, o) -> Composed.activationBackward(k, activation, o.get(0), o.get(1), o.get(2)));
        });
    }
}
