package bpnn.tck;

import bpnn.spi.Activation;
import bpnn.spi.Clock;
import bpnn.spi.DropoutSpec;
import bpnn.spi.ElementType;
import bpnn.spi.Kernels;
import bpnn.spi.Matrix;
import java.util.List;

/**
 * Ten training steps of a network 20-16-12-classes with batch normalisation and dropout, with momentum on 70 noise images in
 * batches of 7: every kernel of a training, in order. It is an ordinary call, so any backend can run it. A step is made of
 * single kernels, or of those that {@link bpnn.nn.Trainer} calls, each of which does several things; a backend may fuse the
 * latter further when they are recorded.
 */
final class SmallTraining {
    static final int STEPS = 10;

    private static final int BATCH = 7;
    private static final int IMAGES = STEPS * BATCH;
    private static final int INPUTS = 20;
    private static final int FIRST = 16;
    private static final int SECOND = 12;
    /** The usual number of classes. */
    static final int CLASSES = 5;

    private static final float EPSILON = 1e-5f;
    private static final DropoutSpec DROPOUT = new DropoutSpec(Conformance.STANDARD_SEED, 0, 0.3f, false);

    // Indices of the operands in the call.
    private static final int LABELS = 1;
    private static final int CLOCK = 4;
    private static final int PARAMETERS = 5;
    private static final int VELOCITY = 6;
    private static final int GRADIENTS = 7;
    private static final int STATISTICS = 8;
    private static final int WORK = 9;

    /** The operand with the loss of each step. */
    static final int HISTORY = 10;

    // Offset of each parameter in the parameters, and of its gradient in the gradients.
    private static final int W1 = 0;
    private static final int GAMMA = W1 + INPUTS * FIRST;
    private static final int BETA = GAMMA + FIRST;
    private static final int W2 = BETA + FIRST;
    private static final int B2 = W2 + FIRST * SECOND;
    private static final int W3 = B2 + SECOND;

    // Offset of each intermediate result in the working memory.
    private static final int X = 0;
    private static final int Z1 = X + BATCH * INPUTS;
    private static final int Y1 = Z1 + BATCH * FIRST;
    private static final int MASK = Y1 + BATCH * FIRST;
    private static final int D1 = MASK + BATCH * FIRST;
    private static final int Y2 = D1 + BATCH * FIRST;
    private static final int LOSSES = Y2 + BATCH * SECOND;
    private static final int DY2 = LOSSES + BATCH;
    private static final int DY1 = DY2 + BATCH * SECOND;
    private static final int T = DY1 + BATCH * FIRST;

    private final int classes;
    private final List<Matrix> o;
    private final boolean asTrainer;

    /**
     * @param operands of {@link #call}, in backend memory
     * @param asTrainer whether a step calls the kernels that a trainer does
     */
    SmallTraining(List<Matrix> operands, boolean asTrainer) {
        this.o = operands;
        this.classes = operands.get(LABELS).cols();
        this.asTrainer = asTrainer;
    }

    /** All steps; the operand {@link #HISTORY} receives the losses. */
    static KernelCall call(OperandGenerators generators, int classes, boolean asTrainer) {
        int number = 1 + Sizes.CLASSES.indexOf(classes) + (asTrainer ? 1 + Sizes.CLASSES.size() : 0);
        OperandGenerator generator = generators.of("training", number);
        float[] oneHot = new float[IMAGES * classes];
        for (int i = 0; i < IMAGES; i++) {
            oneHot[i * classes + i % classes] = 1;
        }
        int size = biases(classes) + classes;
        int work = T + 3 * BATCH * classes;
        float[] parameters = generator.uniform(size, -0.4f, 0.4f);
        for (int i = GAMMA; i < GAMMA + FIRST; i++) {
            parameters[i] = 1;
        }
        return KernelCall.number(number, STEPS + " steps, " + classes + " classes")
                .input("images", ElementType.UINT8, IMAGES, INPUTS, generator.whole(IMAGES * INPUTS, 256))
                .input("labels", ElementType.UINT8, IMAGES, classes, oneHot)
                .input("order", ElementType.INT32, 1, IMAGES, generator.order(IMAGES))
                .input("rates", 1, 1, new float[] {0.1f})
                .updated("clock", ElementType.INT32, 1, Clock.LENGTH, new float[Clock.LENGTH])
                .updated("parameters", 1, size, parameters)
                .updated("velocity", 1, size, new float[size])
                .updated("gradients", 1, size, new float[size])
                .updated("statistics", 4, FIRST, new float[4 * FIRST])
                .updated("work", 1, work, new float[work])
                .updated("history", 1, STEPS, new float[STEPS])
                .primitive((k, operands) -> {
                    SmallTraining training = new SmallTraining(operands, asTrainer);
                    for (int i = 0; i < STEPS; i++) {
                        training.step(k);
                    }
                });
    }

    /** Where the last layer's biases begin in the parameters. */
    private static int biases(int classes) {
        return W3 + SECOND * classes;
    }

    /** Targets, logits or their gradient: 0, 1 or 2. */
    private Matrix outputs(int which) {
        return work(T + which * BATCH * classes, classes);
    }

    private Matrix parameter(int start, int rows, int cols) {
        return part(PARAMETERS, start, rows, cols);
    }

    private Matrix gradient(int start, int rows, int cols) {
        return part(GRADIENTS, start, rows, cols);
    }

    private Matrix statistic(int row) {
        return part(STATISTICS, row * FIRST, 1, FIRST);
    }

    private Matrix work(int start, int cols) {
        return part(WORK, start, BATCH, cols);
    }

    private Matrix part(int operand, int start, int rows, int cols) {
        Matrix whole = o.get(operand);
        return new Matrix(whole.buffer(), whole.offset() + start, rows, cols);
    }

    /** One step: batch, forward, loss, backward, update, clock. */
    void step(Kernels k) {
        Matrix clock = o.get(CLOCK);
        Matrix begin = new Matrix(clock.buffer(), clock.offset() + Clock.BATCH, 1, 1);
        if (asTrainer) {
            k.gatherBatch(o.get(0), o.get(LABELS), o.get(2), begin, 1f / 255, 0, 1, 0, work(X, INPUTS), outputs(0));
            forward(k, clock);
            k.trainingLoss(outputs(1), outputs(0), work(LOSSES, 1), outputs(2), clock, o.get(HISTORY));
            layersBackward(k);
        } else {
            k.gatherRows(o.get(0), o.get(2), begin, 1f / 255, 0, work(X, INPUTS));
            k.gatherRows(o.get(LABELS), o.get(2), begin, 1, 0, outputs(0));
            forward(k, clock);
            k.softmaxCrossEntropy(outputs(1), outputs(0), work(LOSSES, 1), outputs(2));
            k.recordLoss(work(LOSSES, 1), clock, o.get(HISTORY));
            backward(k);
        }
        k.momentum(o.get(PARAMETERS), o.get(GRADIENTS), o.get(VELOCITY), 0.9f, o.get(3));
        k.advance(clock, BATCH);
    }

    private void forward(Kernels k, Matrix clock) {
        k.denseForward(work(X, INPUTS), parameter(W1, INPUTS, FIRST), null, Activation.IDENTITY, work(Z1, FIRST));
        if (asTrainer) {
            k.batchNormDropoutTrain(
                    work(Z1, FIRST),
                    parameter(GAMMA, 1, FIRST),
                    parameter(BETA, 1, FIRST),
                    EPSILON,
                    0.1f,
                    statistic(0),
                    statistic(1),
                    statistic(2),
                    statistic(3),
                    Activation.TANH,
                    DROPOUT,
                    clock,
                    work(MASK, FIRST),
                    work(Y1, FIRST),
                    work(D1, FIRST));
        } else {
            k.batchNormTrain(
                    work(Z1, FIRST),
                    parameter(GAMMA, 1, FIRST),
                    parameter(BETA, 1, FIRST),
                    EPSILON,
                    0.1f,
                    statistic(0),
                    statistic(1),
                    statistic(2),
                    statistic(3),
                    Activation.TANH,
                    work(Y1, FIRST));
            k.dropout(work(Y1, FIRST), DROPOUT, clock, work(MASK, FIRST), work(D1, FIRST));
        }
        k.denseForward(
                work(D1, FIRST),
                parameter(W2, FIRST, SECOND),
                parameter(B2, 1, SECOND),
                Activation.SIGMOID,
                work(Y2, SECOND));
        k.denseForward(
                work(Y2, SECOND),
                parameter(W3, SECOND, classes),
                parameter(biases(classes), 1, classes),
                Activation.IDENTITY,
                outputs(1));
    }

    /** By the kernels of whole layers. */
    private void layersBackward(Kernels k) {
        k.denseLayerBackward(
                work(Y2, SECOND),
                parameter(W3, SECOND, classes),
                Activation.IDENTITY,
                outputs(1),
                null,
                outputs(2),
                outputs(2),
                gradient(W3, SECOND, classes),
                gradient(biases(classes), 1, classes),
                work(DY2, SECOND));
        k.denseLayerBackward(
                work(D1, FIRST),
                parameter(W2, FIRST, SECOND),
                Activation.SIGMOID,
                work(Y2, SECOND),
                null,
                work(DY2, SECOND),
                work(DY2, SECOND),
                gradient(W2, FIRST, SECOND),
                gradient(B2, 1, SECOND),
                work(DY1, FIRST));
        k.batchNormLayerBackward(
                work(Z1, FIRST),
                parameter(GAMMA, 1, FIRST),
                statistic(2),
                statistic(3),
                Activation.TANH,
                work(Y1, FIRST),
                work(MASK, FIRST),
                work(DY1, FIRST),
                gradient(GAMMA, 1, FIRST),
                gradient(BETA, 1, FIRST),
                work(DY1, FIRST));
        k.denseLayerBackward(
                work(X, INPUTS),
                parameter(W1, INPUTS, FIRST),
                Activation.IDENTITY,
                work(Z1, FIRST),
                null,
                work(DY1, FIRST),
                work(DY1, FIRST),
                gradient(W1, INPUTS, FIRST),
                null,
                null);
    }

    /** By single kernels. */
    private void backward(Kernels k) {
        k.denseBackward(
                work(Y2, SECOND),
                parameter(W3, SECOND, classes),
                outputs(2),
                gradient(W3, SECOND, classes),
                gradient(biases(classes), 1, classes),
                work(DY2, SECOND));
        k.activationBackward(Activation.SIGMOID, work(Y2, SECOND), work(DY2, SECOND), work(DY2, SECOND));
        k.denseBackward(
                work(D1, FIRST),
                parameter(W2, FIRST, SECOND),
                work(DY2, SECOND),
                gradient(W2, FIRST, SECOND),
                gradient(B2, 1, SECOND),
                work(DY1, FIRST));
        k.dropoutBackward(work(DY1, FIRST), work(MASK, FIRST), work(DY1, FIRST));
        k.activationBackward(Activation.TANH, work(Y1, FIRST), work(DY1, FIRST), work(DY1, FIRST));
        k.batchNormBackward(
                work(Z1, FIRST),
                parameter(GAMMA, 1, FIRST),
                statistic(2),
                statistic(3),
                work(DY1, FIRST),
                gradient(GAMMA, 1, FIRST),
                gradient(BETA, 1, FIRST),
                work(DY1, FIRST));
        k.denseBackward(
                work(X, INPUTS),
                parameter(W1, INPUTS, FIRST),
                work(DY1, FIRST),
                gradient(W1, INPUTS, FIRST),
                null,
                null);
    }
}
