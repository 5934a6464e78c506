package bpnn.bench.jmh;

import static bpnn.bench.jmh.Operands.RATE;

import bpnn.spi.Activation;
import java.util.function.Consumer;

/** A call of each fused kernel of {@link bpnn.spi.Kernels}, named as it is. */
@SuppressWarnings("ImmutableEnumChecker") // the calls have no state
public enum FusedKernel {
    GATHER_BATCH(
            o -> o.ops.gatherBatch(o.images, o.labels, o.order, o.position, 1f / 255, 0, 1, 0, o.inputs, o.targets)),
    GATHER_AUGMENTED(o -> o.ops.gatherAugmented(
            o.images,
            o.labels,
            o.order,
            o.clock,
            Operands.AUGMENTATION,
            o.smoothing,
            1f / 255,
            0,
            1,
            0,
            o.inputs,
            o.targets)),
    DENSE_FORWARD(o -> o.ops.layers().denseForward(o.x, o.w, o.row[0], Activation.TANH, o.y)),
    DENSE_DROPOUT_FORWARD(o -> o.ops.layers()
            .denseDropoutForward(o.x, o.w, o.row[0], Activation.TANH, RATE, o.clock, o.mask, o.y, o.dropped)),
    DENSE_BACKWARD(o -> o.ops.layers().denseBackward(o.x, o.w, o.dy, o.dw, o.row[0], o.y)),
    DENSE_LAYER_BACKWARD(o -> o.ops.layers()
            .denseLayerBackward(o.x, o.w, Activation.TANH, o.y, o.mask, o.dy, o.dropped, o.dw, o.row[0], o.dx)),
    ACTIVATION_BACKWARD(o -> o.ops.layers().activationBackward(Activation.TANH, o.x, o.dy, o.y)),
    BATCH_NORM_TRAIN(o -> o.ops.layers()
            .batchNormTrain(
                    o.x,
                    o.row[0],
                    o.row[1],
                    Operands.EPSILON,
                    Operands.MOMENTUM,
                    o.row[2],
                    o.row[3],
                    o.row[4],
                    o.row[5],
                    Activation.TANH,
                    o.y)),
    BATCH_NORM_DROPOUT_TRAIN(o -> o.ops.layers()
            .batchNormDropoutTrain(
                    o.x,
                    o.row[0],
                    o.row[1],
                    Operands.EPSILON,
                    Operands.MOMENTUM,
                    o.row[2],
                    o.row[3],
                    o.row[4],
                    o.row[5],
                    Activation.TANH,
                    RATE,
                    o.clock,
                    o.mask,
                    o.y,
                    o.dropped)),
    BATCH_NORM_INFER(o -> o.ops.layers()
            .batchNormInfer(o.x, o.row[0], o.row[1], Operands.EPSILON, o.row[2], o.row[3], Activation.TANH, o.y)),
    BATCH_NORM_BACKWARD(
            o -> o.ops.layers().batchNormBackward(o.x, o.row[0], o.row[4], o.row[5], o.dy, o.row[6], o.row[7], o.y)),
    BATCH_NORM_LAYER_BACKWARD(o -> o.ops.layers()
            .batchNormLayerBackward(
                    o.x,
                    o.row[0],
                    o.row[4],
                    o.row[5],
                    Activation.TANH,
                    o.y,
                    o.mask,
                    o.dy,
                    o.row[6],
                    o.row[7],
                    o.dropped)),
    DROPOUT(o -> o.ops.layers().dropout(o.x, RATE, o.clock, o.mask, o.y)),
    DROPOUT_BACKWARD(o -> o.ops.layers().dropoutBackward(o.dy, o.mask, o.y)),
    SOFTMAX_CROSS_ENTROPY(o -> o.ops.softmaxCrossEntropy(o.logits, o.targets, o.losses, o.dlogits)),
    RECORD_LOSS(o -> o.ops.recordLoss(o.losses, o.clock, o.history)),
    TRAINING_LOSS(o -> o.ops.trainingLoss(o.logits, o.targets, o.losses, o.dlogits, o.clock, o.history)),
    ADVANCE(o -> o.ops.advance(o.idleClock, 0)),
    ARGMAX(o -> o.ops.argmax(o.logits, o.losses)),
    SGD(o -> o.ops.sgd(o.weights, o.gradient, o.rate)),
    MOMENTUM(o -> o.ops.momentum(o.weights, o.gradient, o.first, 0.9f, o.rate)),
    ADAM(o -> o.ops.adam(o.weights, o.gradient, o.first, o.second, 0.9f, 0.999f, o.rates));

    private final Consumer<Operands> call;

    FusedKernel(Consumer<Operands> call) {
        this.call = call;
    }

    void call(Operands operands) {
        call.accept(operands);
    }
}
