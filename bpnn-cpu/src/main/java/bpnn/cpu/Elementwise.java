package bpnn.cpu;

import bpnn.spi.Activation;
import bpnn.spi.Reference;
import bpnn.spi.UnaryOp;

/** Elementwise functions of a range, in plain Java. */
class Elementwise {
    /** y = op(x); the ranges are equal or disjoint. */
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

    /** dx = dy · activation', in terms of the output y; dx may be dy. */
    void activationBackward(
            Activation activation, float[] y, int yStart, float[] dy, int dyStart, float[] dx, int dxStart, int count) {
        for (int i = 0; i < count; i++) {
            dx[dxStart + i] = dy[dyStart + i] * derivative(activation, y[yStart + i]);
        }
    }

    private static float derivative(Activation activation, float y) {
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
