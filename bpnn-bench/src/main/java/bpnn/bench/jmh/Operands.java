package bpnn.bench.jmh;

import bpnn.bench.Variant;
import bpnn.spi.Augmentation;
import bpnn.spi.Clock;
import bpnn.spi.Distortion;
import bpnn.spi.DropoutSpec;
import bpnn.spi.ElementType;
import bpnn.tensor.Ops;
import bpnn.tensor.Shape;
import bpnn.tensor.Tensor;

/**
 * Operands of the fused kernels at the sizes of the training step: a hidden layer of 512 units after another, ten classes,
 * and for optimisers the weights of the first layer.
 */
final class Operands {
    /** The distortion of the recipe "strong". */
    static final Distortion ELASTIC = new Distortion(2, 10, 0.1f, 0.1f, 24, 4);

    static final Augmentation AUGMENTATION = new Augmentation(1, 28, 28, 1, ELASTIC);
    static final DropoutSpec RATE = new DropoutSpec(1, 0, Variant.RATE, false);

    /** ε of batch normalisation. */
    static final float EPSILON = 1e-5f;
    /** How far running statistics move. */
    static final float MOMENTUM = 0.1f;

    private static final int IMAGES = 8192;
    private static final int ROWS = 8;

    final Ops ops;
    final Tensor images;
    final Tensor labels;
    final Tensor order;
    final Tensor clock;
    final Tensor position;
    /** A clock that no test reads. */
    final Tensor idleClock;

    /** The weights of {@link #AUGMENTATION}. */
    final Tensor smoothing;

    final Tensor inputs;
    final Tensor x;
    final Tensor y;
    final Tensor dropped;
    final Tensor dy;
    final Tensor dx;
    final Tensor mask;
    final Tensor w;
    final Tensor dw;
    /** Biases, statistics and their gradients, all 1. */
    final Tensor[] row = new Tensor[ROWS];

    final Tensor logits;
    final Tensor targets;
    final Tensor dlogits;
    final Tensor losses;
    final Tensor history;
    final Tensor weights;
    final Tensor gradient;
    final Tensor first;
    final Tensor second;
    final Tensor rate;
    final Tensor rates;

    Operands(BackendState state, int batch) {
        int n = Variant.HIDDEN;
        ops = state.ops();
        images = state.zeros(ElementType.UINT8, IMAGES, Variant.INPUTS);
        labels = state.zeros(ElementType.UINT8, IMAGES, Variant.CLASSES);
        order = state.zeros(ElementType.INT32, 1, IMAGES);
        clock = state.zeros(ElementType.INT32, 1, Clock.LENGTH);
        position = clock.view(Clock.BATCH, new Shape(1, 1));
        idleClock = state.zeros(ElementType.INT32, 1, Clock.LENGTH);
        smoothing = state.zeros(ElementType.FLOAT32, 1, AUGMENTATION.smoothingLength());
        smoothing.set(AUGMENTATION.smoothing());
        inputs = state.noise(batch, Variant.INPUTS);
        x = state.noise(batch, n);
        y = state.noise(batch, n);
        dropped = state.noise(batch, n);
        dy = state.noise(batch, n);
        dx = state.noise(batch, n);
        mask = state.noise(batch, n);
        w = state.noise(n, n);
        dw = state.noise(n, n);
        for (int i = 0; i < ROWS; i++) {
            row[i] = state.noise(1, n);
            ops.fill(row[i], 1);
        }
        logits = state.noise(batch, Variant.CLASSES);
        targets = state.noise(batch, Variant.CLASSES);
        ops.fill(targets, 1f / Variant.CLASSES);
        dlogits = state.noise(batch, Variant.CLASSES);
        losses = state.noise(batch, 1);
        history = state.noise(1, 1);
        weights = state.noise(Variant.INPUTS, n);
        gradient = state.noise(Variant.INPUTS, n);
        first = state.zeros(ElementType.FLOAT32, Variant.INPUTS, n);
        second = state.zeros(ElementType.FLOAT32, Variant.INPUTS, n);
        rate = state.zeros(ElementType.FLOAT32, 1, 1);
        rates = state.zeros(ElementType.FLOAT32, 1, 3);
        rate.set(new float[] {1e-6f});
        rates.set(new float[] {1e-6f, 1, 1e-8f});
    }
}
