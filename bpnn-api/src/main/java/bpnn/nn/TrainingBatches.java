package bpnn.nn;

import bpnn.data.ImageShape;
import bpnn.spi.Augmentation;
import bpnn.spi.Clock;
import bpnn.spi.Distortion;
import bpnn.spi.ElementType;
import bpnn.tensor.Ops;
import bpnn.tensor.Shape;
import bpnn.tensor.Tensor;
import bpnn.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

/** The inputs and targets of each batch of an epoch: gathered, distorted if asked for, scaled, smoothed. */
final class TrainingBatches {
    private final Ops ops;
    private final DeviceData data;
    private final Tensor clock;
    private final InputScaling scaling;
    private final float smoothing;
    private final EpochOrder imageOrder;
    private final Tensor order;
    private final @Nullable Augmentation augmentation;
    private final Tensor distortionWeights;
    private final Tensor inputs;
    private final Tensor targets;

    /** @param capacity maximum batch size */
    TrainingBatches(Ops ops, TensorScope scope, TrainingConfig config, DeviceData data, Tensor clock, int capacity) {
        this.ops = ops;
        this.data = data;
        this.clock = clock;
        this.scaling = config.scaling();
        this.smoothing = config.refinements().labelSmoothing();
        this.imageOrder = new EpochOrder(config, data.size());
        this.order = scope.zeros(ElementType.INT32, 1, data.size());
        this.augmentation = augmentation(config, data.source().format().shape());
        this.distortionWeights = scope.zeros(1, augmentation == null ? 0 : augmentation.smoothingLength());
        if (augmentation != null) {
            distortionWeights.set(augmentation.smoothing());
        }
        this.inputs = scope.zeros(capacity, data.source().features());
        this.targets = scope.zeros(capacity, data.source().classes());
    }

    private static @Nullable Augmentation augmentation(TrainingConfig config, ImageShape shape) {
        Distortion distortion = config.refinements().distortion();
        return distortion.isNone()
                ? null
                : new Augmentation(config.seed(), shape.height(), shape.width(), shape.channels(), distortion);
    }

    /** Number of images. */
    int images() {
        return data.size();
    }

    /** Computes the order of an epoch, so that {@link #begin} need not. */
    void prepare(int epoch) {
        imageOrder.of(epoch);
    }

    /** Uploads the order of an epoch and sets the clock to its start. */
    void begin(int epoch, long stepsBefore) {
        begin(epoch, stepsBefore, 0, 0);
    }

    /**
     * Uploads the order of an epoch and sets the clock to a step of it.
     *
     * @param stepsBefore steps since training began
     * @param step step within the epoch, from 0
     * @param image where its batch begins
     */
    void begin(int epoch, long stepsBefore, int step, int image) {
        order.set(imageOrder.of(epoch));
        clock.set(new int[] {step, image, Math.toIntExact(stepsBefore), epoch});
    }

    /** Gathers the {@code batch} images at the position of the clock. */
    void gather(int batch) {
        Tensor x = inputs(batch);
        Tensor t = targets(batch);
        float targetScale = 1 - smoothing;
        float targetShift = smoothing / t.cols();
        if (augmentation == null) {
            Tensor position = clock.view(Clock.BATCH, new Shape(1, 1));
            ops.gatherBatch(
                    data.images(),
                    data.oneHot(),
                    order,
                    position,
                    scaling.scale(),
                    scaling.shift(),
                    targetScale,
                    targetShift,
                    x,
                    t);
        } else {
            ops.gatherAugmented(
                    data.images(),
                    data.oneHot(),
                    order,
                    clock,
                    augmentation,
                    distortionWeights,
                    scaling.scale(),
                    scaling.shift(),
                    targetScale,
                    targetShift,
                    x,
                    t);
        }
    }

    /** The inputs last gathered, [batch, features]. */
    Tensor inputs(int batch) {
        return inputs.firstRows(batch);
    }

    /** The targets last gathered, [batch, classes]. */
    Tensor targets(int batch) {
        return targets.firstRows(batch);
    }
}
