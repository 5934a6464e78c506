package bpnn.tck;

import bpnn.spi.Augmentation;
import bpnn.spi.Clock;
import bpnn.spi.Composed;
import bpnn.spi.Distortion;
import bpnn.spi.ElementType;
import java.util.List;
import java.util.stream.IntStream;

/** The kernel that distorts training images: each kind alone, images of odd sizes, grey and in colour. */
final class AugmentationCalls {
    private static final int CLASSES = 3;
    private static final int EPOCH = 9;

    private static final Distortion ALL = new Distortion(1.5f, 12, 0.15f, 0.1f, 30, 4);
    private static final List<Augmentation> AUGMENTATIONS = List.of(
            new Augmentation(1, 28, 28, 1, ALL),
            new Augmentation(-7, 28, 28, 1, new Distortion(2, 0, 0, 0, 0, 1)),
            new Augmentation(1L << 40, 9, 21, 1, new Distortion(0, 170, 0.9f, 2, 0, 1)),
            new Augmentation(3, 32, 32, 3, ALL),
            new Augmentation(4, 5, 3, 3, new Distortion(0, 0, 0, 0, 100, 1)),
            new Augmentation(5, 1, 1, 1, ALL),
            new Augmentation(6, 17, 33, 1, new Distortion(40, 5, 0.1f, 0, 12, 2.5f)),
            new Augmentation(7, 12, 8, 1, Distortion.NONE));

    private AugmentationCalls() {}

    static KernelSuite suite() {
        return new KernelSuite(
                "gatherAugmented",
                generators -> IntStream.range(0, AUGMENTATIONS.size()).mapToObj(number -> call(generators, number)));
    }

    private static KernelCall call(OperandGenerators generators, int number) {
        OperandGenerator generator = generators.of("gatherAugmented", number);
        Augmentation augmentation = AUGMENTATIONS.get(number);
        int features = augmentation.features();
        boolean ordered = number % 3 != 2;
        int batch = number % 4;
        int position = 1 + number % 3;
        int rows = batch + position;
        int smoothing = augmentation.smoothingLength();
        return KernelCall.number(number, augmentation + (ordered ? "" : ", no order"))
                .input("images", ElementType.UINT8, rows, features, generator.whole(rows * features, 256))
                .input("labels", ElementType.UINT8, rows, CLASSES, generator.whole(rows * CLASSES, 2))
                .input("order", ElementType.INT32, 1, rows, generator.order(rows))
                .input("clock", ElementType.INT32, 1, Clock.LENGTH, new float[] {2, position, 41, EPOCH})
                .input("smoothing", 1, smoothing, augmentation.smoothing())
                .output("x", batch, features)
                .output("targets", batch, CLASSES)
                .fused(
                        (k, o) -> k.gatherAugmented(
                                o.get(0),
                                o.get(1),
                                ordered ? o.get(2) : null,
                                o.get(3),
                                augmentation,
                                o.get(4),
                                1f / 255,
                                -0.4f,
                                0.9f,
                                0.02f,
                                o.get(5),
                                o.get(6)),
                        (k, o) -> Composed.gatherAugmented(
                                k,
                                o.get(0),
                                o.get(1),
                                ordered ? o.get(2) : null,
                                o.get(3),
                                augmentation,
                                o.get(4),
                                1f / 255,
                                -0.4f,
                                0.9f,
                                0.02f,
                                o.get(5),
                                o.get(6)));
    }
}
