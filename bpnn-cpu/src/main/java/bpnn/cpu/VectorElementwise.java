package bpnn.cpu;

import static bpnn.cpu.Species.FLOATS;

import bpnn.spi.Activation;
import bpnn.spi.UnaryOp;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link Elementwise} in vectors; the tail in plain Java. One loop per function, because a switch inside the loop would
 * box the vectors.
 */
final class VectorElementwise extends Elementwise {
    private static final int LANES = FLOATS.length();

    @Override
    void map(UnaryOp op, float[] x, int xStart, float[] y, int yStart, int count) {
        int whole = FLOATS.loopBound(count);
        switch (op) {
            case COPY -> System.arraycopy(x, xStart, y, yStart, whole);
            case EXP -> VectorMath.exp(x, xStart, y, yStart, whole);
            case LOG -> VectorMath.log(x, xStart, y, yStart, whole);
            case SQRT -> sqrt(x, xStart, y, yStart, whole);
            case TANH -> VectorMath.tanh(x, xStart, y, yStart, whole);
            case SIGMOID -> VectorMath.sigmoid(x, xStart, y, yStart, whole);
            case RELU -> relu(x, xStart, y, yStart, whole);
        }
        super.map(op, x, xStart + whole, y, yStart + whole, count - whole);
    }

    private static void sqrt(float[] x, int xStart, float[] y, int yStart, int count) {
        for (int i = 0; i < count; i += LANES) {
            FloatVector.fromArray(FLOATS, x, xStart + i)
                    .lanewise(VectorOperators.SQRT)
                    .intoArray(y, yStart + i);
        }
    }

    /** max(x, +0): NaN stays NaN, -0 becomes +0. */
    private static void relu(float[] x, int xStart, float[] y, int yStart, int count) {
        for (int i = 0; i < count; i += LANES) {
            FloatVector value = FloatVector.fromArray(FLOATS, x, xStart + i);
            value.blend(0f, value.compare(VectorOperators.LE, 0f)).intoArray(y, yStart + i);
        }
    }

    @Override
    void addBias(float[] bias, int biasStart, float[] y, int yStart, int count) {
        int whole = FLOATS.loopBound(count);
        for (int i = 0; i < whole; i += LANES) {
            FloatVector.fromArray(FLOATS, y, yStart + i)
                    .add(FloatVector.fromArray(FLOATS, bias, biasStart + i))
                    .intoArray(y, yStart + i);
        }
        super.addBias(bias, biasStart + whole, y, yStart + whole, count - whole);
    }

    @Override
    void activationBackward(
            Activation activation, float[] y, int yStart, float[] dy, int dyStart, float[] dx, int dxStart, int count) {
        int whole = FLOATS.loopBound(count);
        switch (activation) {
            case IDENTITY -> System.arraycopy(dy, dyStart, dx, dxStart, whole);
            case TANH -> tanhBackward(y, yStart, dy, dyStart, dx, dxStart, whole);
            case SIGMOID -> sigmoidBackward(y, yStart, dy, dyStart, dx, dxStart, whole);
            case RELU -> reluBackward(y, yStart, dy, dyStart, dx, dxStart, whole);
        }
        super.activationBackward(
                activation, y, yStart + whole, dy, dyStart + whole, dx, dxStart + whole, count - whole);
    }

    private static void tanhBackward(
            float[] y, int yStart, float[] dy, int dyStart, float[] dx, int dxStart, int count) {
        FloatVector one = FloatVector.broadcast(FLOATS, 1f);
        for (int i = 0; i < count; i += LANES) {
            FloatVector output = FloatVector.fromArray(FLOATS, y, yStart + i);
            FloatVector derivative = one.sub(output.mul(output));
            FloatVector.fromArray(FLOATS, dy, dyStart + i).mul(derivative).intoArray(dx, dxStart + i);
        }
    }

    private static void sigmoidBackward(
            float[] y, int yStart, float[] dy, int dyStart, float[] dx, int dxStart, int count) {
        FloatVector one = FloatVector.broadcast(FLOATS, 1f);
        for (int i = 0; i < count; i += LANES) {
            FloatVector output = FloatVector.fromArray(FLOATS, y, yStart + i);
            FloatVector derivative = one.sub(output).mul(output);
            FloatVector.fromArray(FLOATS, dy, dyStart + i).mul(derivative).intoArray(dx, dxStart + i);
        }
    }

    private static void reluBackward(
            float[] y, int yStart, float[] dy, int dyStart, float[] dx, int dxStart, int count) {
        FloatVector zero = FloatVector.zero(FLOATS);
        for (int i = 0; i < count; i += LANES) {
            FloatVector derivative =
                    zero.blend(1f, FloatVector.fromArray(FLOATS, y, yStart + i).compare(VectorOperators.GT, 0f));
            FloatVector.fromArray(FLOATS, dy, dyStart + i).mul(derivative).intoArray(dx, dxStart + i);
        }
    }

    @Override
    void multiply(float[] a, int aStart, float[] b, int bStart, float[] y, int yStart, int count) {
        int whole = FLOATS.loopBound(count);
        for (int i = 0; i < whole; i += LANES) {
            FloatVector.fromArray(FLOATS, a, aStart + i)
                    .mul(FloatVector.fromArray(FLOATS, b, bStart + i))
                    .intoArray(y, yStart + i);
        }
        super.multiply(a, aStart + whole, b, bStart + whole, y, yStart + whole, count - whole);
    }
}
