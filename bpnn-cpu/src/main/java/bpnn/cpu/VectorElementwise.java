package bpnn.cpu;

import static bpnn.cpu.Lanes.FLOATS;

import bpnn.spi.Activation;
import bpnn.spi.UnaryOp;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Functions applied to each element of a range, in vectors; what is left over at the end is done in plain Java. One loop
 * for each function: with the choice inside the loop, vectors would become objects.
 */
final class VectorElementwise extends Elementwise {
    private static final int LANES = FLOATS.length();

    private static FloatVector load(float[] x, int index) {
        return FloatVector.fromArray(FLOATS, x, index);
    }

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
            load(x, xStart + i).lanewise(VectorOperators.SQRT).intoArray(y, yStart + i);
        }
    }

    /** max(x, +0), NaN staying NaN and -0 becoming +0. */
    private static void relu(float[] x, int xStart, float[] y, int yStart, int count) {
        for (int i = 0; i < count; i += LANES) {
            FloatVector value = load(x, xStart + i);
            value.blend(0f, value.compare(VectorOperators.LE, 0f)).intoArray(y, yStart + i);
        }
    }

    @Override
    void addBias(float[] bias, int biasStart, float[] y, int yStart, int count) {
        int whole = FLOATS.loopBound(count);
        for (int i = 0; i < whole; i += LANES) {
            load(y, yStart + i).add(load(bias, biasStart + i)).intoArray(y, yStart + i);
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
            FloatVector output = load(y, yStart + i);
            FloatVector slope = one.sub(output.mul(output));
            load(dy, dyStart + i).mul(slope).intoArray(dx, dxStart + i);
        }
    }

    private static void sigmoidBackward(
            float[] y, int yStart, float[] dy, int dyStart, float[] dx, int dxStart, int count) {
        FloatVector one = FloatVector.broadcast(FLOATS, 1f);
        for (int i = 0; i < count; i += LANES) {
            FloatVector output = load(y, yStart + i);
            FloatVector slope = one.sub(output).mul(output);
            load(dy, dyStart + i).mul(slope).intoArray(dx, dxStart + i);
        }
    }

    private static void reluBackward(
            float[] y, int yStart, float[] dy, int dyStart, float[] dx, int dxStart, int count) {
        FloatVector zero = FloatVector.zero(FLOATS);
        for (int i = 0; i < count; i += LANES) {
            FloatVector slope = zero.blend(1f, load(y, yStart + i).compare(VectorOperators.GT, 0f));
            load(dy, dyStart + i).mul(slope).intoArray(dx, dxStart + i);
        }
    }

    @Override
    void multiply(float[] a, int aStart, float[] b, int bStart, float[] y, int yStart, int count) {
        int whole = FLOATS.loopBound(count);
        for (int i = 0; i < whole; i += LANES) {
            load(a, aStart + i).mul(load(b, bStart + i)).intoArray(y, yStart + i);
        }
        super.multiply(a, aStart + whole, b, bStart + whole, y, yStart + whole, count - whole);
    }
}
