package bpnn.cpu;

import bpnn.spi.Activation;
import bpnn.spi.BinaryOp;
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

    /**
     * y = op(a, b); y may be a or b. The JIT makes vectors of these loops by itself.
     *
     * @param stride 1, or 0 where {@code b} is a single number
     */
    final void zip(
            BinaryOp op, float[] a, int aStart, float[] b, int bStart, int stride, float[] y, int yStart, int count) {
        switch (op) {
            case ADD -> {
                for (int i = 0; i < count; i++) {
                    y[yStart + i] = a[aStart + i] + b[bStart + i * stride];
                }
            }
            case SUBTRACT -> {
                for (int i = 0; i < count; i++) {
                    y[yStart + i] = a[aStart + i] - b[bStart + i * stride];
                }
            }
            case MULTIPLY -> product(a, aStart, b, bStart, stride, y, yStart, count);
            case DIVIDE -> {
                for (int i = 0; i < count; i++) {
                    y[yStart + i] = a[aStart + i] / b[bStart + i * stride];
                }
            }
            case GREATER, EQUAL -> {
                for (int i = 0; i < count; i++) {
                    y[yStart + i] = Reference.apply(op, a[aStart + i], b[bStart + i * stride]);
                }
            }
        }
    }

    private void product(float[] a, int aStart, float[] b, int bStart, int stride, float[] y, int yStart, int count) {
        if (stride == 1) {
            multiply(a, aStart, b, bStart, y, yStart, count);
            return;
        }
        float factor = b[bStart];
        for (int i = 0; i < count; i++) {
            y[yStart + i] = a[aStart + i] * factor;
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
