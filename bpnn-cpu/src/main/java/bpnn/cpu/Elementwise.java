package bpnn.cpu;

import bpnn.spi.Activation;
import bpnn.spi.Reference;
import bpnn.spi.UnaryOp;

/** Functions applied to each element of a range, in plain Java. */
class Elementwise {
    /** y = op(x); the ranges are the same or apart. */
    void map(UnaryOp op, float[] x, int xStart, float[] y, int yStart, int count) {
        for (int i = 0; i < count; i++) {
            y[yStart + i] = Reference.apply(op, x[xStart + i]);
        }
    }

    /** y = activation(y). */
    final void activate(Activation activation, float[] y, int start, int count) {
        if (activation != Activation.IDENTITY) {
            map(activation.op(), y, start, y, start, count);
        }
    }

    /** y = y + bias. */
    void addBias(float[] bias, int biasStart, float[] y, int yStart, int count) {
        for (int i = 0; i < count; i++) {
            y[yStart + i] += bias[biasStart + i];
        }
    }

    /** dx = dy · slope, the slope in terms of the activation's output y; dx may be dy. */
    void activationBackward(
            Activation activation, float[] y, int yStart, float[] dy, int dyStart, float[] dx, int dxStart, int count) {
        for (int i = 0; i < count; i++) {
            dx[dxStart + i] = dy[dyStart + i] * slope(activation, y[yStart + i]);
        }
    }

    private static float slope(Activation activation, float y) {
        return switch (activation) {
            case IDENTITY -> 1f;
            case TANH -> 1f - y * y;
            case SIGMOID -> (1f - y) * y;
            case RELU -> y > 0f ? 1f : 0f;
        };
    }

    /** y = a · b; y may be a. */
    void multiply(float[] a, int aStart, float[] b, int bStart, float[] y, int yStart, int count) {
        for (int i = 0; i < count; i++) {
            y[yStart + i] = a[aStart + i] * b[bStart + i];
        }
    }
}
