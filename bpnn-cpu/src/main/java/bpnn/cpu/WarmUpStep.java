package bpnn.cpu;

import bpnn.spi.Activation;
import bpnn.spi.Backend;
import bpnn.spi.Clock;
import bpnn.spi.ElementType;
import bpnn.spi.Kernels;
import bpnn.spi.Matrix;

/** A training step of a small network with two hidden layers; it calls every kernel of a plain training step. */
final class WarmUpStep implements Runnable {
    private static final int BATCH = 16;
    private static final int INPUTS = 128;
    private static final int HIDDEN = 64;
    private static final int CLASSES = 10;
    private static final int ADAM_RATES = 3;

    private final Backend backend;
    private final Kernels kernels;
    private final Matrix images;
    private final Matrix labels;
    private final Matrix clock;
    private final Matrix history;
    private final Matrix x;
    private final Matrix targets;
    private final Matrix first;
    private final Matrix second;
    private final Matrix logits;
    private final Matrix losses;
    private final Matrix gradient;
    private final Matrix inputGradient;
    private final Matrix bias;
    private final Matrix weights;
    private final Matrix weightGradients;
    private final Matrix mean;
    private final Matrix variance;
    private final Matrix rates;

    WarmUpStep(Backend backend) {
        this.backend = backend;
        kernels = backend.kernels();
        images = matrix(ElementType.UINT8, BATCH, INPUTS);
        labels = matrix(ElementType.UINT8, BATCH, CLASSES);
        clock = matrix(ElementType.INT32, 1, Clock.LENGTH);
        history = floats(1, 1);
        x = floats(BATCH, INPUTS);
        targets = floats(BATCH, CLASSES);
        first = floats(BATCH, HIDDEN);
        second = floats(BATCH, HIDDEN);
        logits = floats(BATCH, CLASSES);
        losses = floats(BATCH, 1);
        gradient = floats(BATCH, HIDDEN);
        inputGradient = floats(BATCH, HIDDEN);
        bias = floats(1, HIDDEN);
        weights = floats(INPUTS, HIDDEN);
        weightGradients = floats(INPUTS, HIDDEN);
        mean = floats(INPUTS, HIDDEN);
        variance = floats(INPUTS, HIDDEN);
        rates = floats(1, ADAM_RATES);
        uploadPattern();
    }

    /** Values of both signs and several magnitudes, because the JIT specialises code that has only seen zeros. */
    private void uploadPattern() {
        byte[] pixels = new byte[images.size()];
        float[] values = new float[weights.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (i * 31 % 17 - 8) / 64f;
        }
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (i * 37);
        }
        images.buffer().upload(0, pixels, 0, pixels.length);
        weights.buffer().upload(0, values, 0, values.length);
        rates.buffer().upload(0, new float[] {1e-3f, 1, 1e-8f}, 0, ADAM_RATES);
    }

    private Matrix floats(int rows, int cols) {
        return matrix(ElementType.FLOAT32, rows, cols);
    }

    private Matrix matrix(ElementType type, int rows, int cols) {
        return new Matrix(backend.allocate(type, rows * cols), 0, rows, cols);
    }

    @Override
    public void run() {
        Matrix hiddenWeights = weights.as(HIDDEN, HIDDEN);
        Matrix outputWeights = weights.as(HIDDEN, CLASSES);
        Matrix outputBias = bias.as(1, CLASSES);
        kernels.gatherBatch(images, labels, null, clock.as(1, 1), 1 / 255f, 0, 1, 0, x, targets);
        kernels.denseForward(x, weights, bias, Activation.TANH, first);
        kernels.denseForward(first, hiddenWeights, bias, Activation.TANH, second);
        kernels.denseForward(second, outputWeights, outputBias, Activation.IDENTITY, logits);
        kernels.trainingLoss(logits, targets, losses, logits, clock, history);
        kernels.denseBackward(second, outputWeights, logits, weightGradients.as(HIDDEN, CLASSES), outputBias, gradient);
        Matrix middleGradients = weightGradients.as(HIDDEN, HIDDEN);
        kernels.denseLayerBackward(
                first,
                hiddenWeights,
                Activation.TANH,
                second,
                null,
                gradient,
                gradient,
                middleGradients,
                bias,
                inputGradient);
        kernels.denseLayerBackward(
                x, weights, Activation.TANH, second, null, gradient, gradient, weightGradients, bias, null);
        kernels.adam(weights, weightGradients, mean, variance, 0.9f, 0.999f, rates);
    }
}
