package bpnn.cpu;

import static bpnn.cpu.Lanes.FLOATS;
import static bpnn.spi.HeapBuffer.floats;

import bpnn.spi.Matrix;
import jdk.incubator.vector.FloatVector;

/** {@link RowLoops} in vectors; the columns left over at the end are done in plain Java. */
final class VectorRowLoops extends RowLoops {
    private static final int LANES = FLOATS.length();

    private static FloatVector load(float[] x, int index) {
        return FloatVector.fromArray(FLOATS, x, index);
    }

    /** Where the whole vectors of {@code from .. to - 1} end. */
    private static int whole(int from, int to) {
        return from + FLOATS.loopBound(to - from);
    }

    @Override
    void add(Matrix x, int i, float[] sum, int from, int to) {
        float[] values = floats(x);
        int start = x.offset() + i * x.cols();
        int whole = whole(from, to);
        for (int j = from; j < whole; j += LANES) {
            load(sum, j).add(load(values, start + j)).intoArray(sum, j);
        }
        super.add(x, i, sum, whole, to);
    }

    @Override
    void addSquares(Matrix x, int i, Matrix mean, float[] sum, int from, int to) {
        float[] values = floats(x);
        int start = x.offset() + i * x.cols();
        float[] means = floats(mean);
        int firstMean = mean.offset();
        int whole = whole(from, to);
        for (int j = from; j < whole; j += LANES) {
            FloatVector difference = load(values, start + j).sub(load(means, firstMean + j));
            load(sum, j).add(difference.mul(difference)).intoArray(sum, j);
        }
        super.addSquares(x, i, mean, sum, whole, to);
    }

    @Override
    void addProducts(Matrix x, int i, Matrix mean, Matrix inverse, Matrix dy, float[] sum, int from, int to) {
        float[] values = floats(x);
        int start = x.offset() + i * x.cols();
        float[] means = floats(mean);
        int firstMean = mean.offset();
        float[] inverses = floats(inverse);
        int firstInverse = inverse.offset();
        float[] gradients = floats(dy);
        int firstGradient = dy.offset() + i * x.cols();
        int whole = whole(from, to);
        for (int j = from; j < whole; j += LANES) {
            FloatVector centred = load(values, start + j).sub(load(means, firstMean + j));
            FloatVector normalised = centred.mul(load(inverses, firstInverse + j));
            FloatVector product = load(gradients, firstGradient + j).mul(normalised);
            load(sum, j).add(product).intoArray(sum, j);
        }
        super.addProducts(x, i, mean, inverse, dy, sum, whole, to);
    }

    @Override
    void normalise(
            Matrix x, int i, Matrix gamma, Matrix beta, Matrix mean, Matrix inverse, Matrix y, int from, int to) {
        float[] values = floats(x);
        int start = x.offset() + i * x.cols();
        float[] means = floats(mean);
        int firstMean = mean.offset();
        float[] inverses = floats(inverse);
        int firstInverse = inverse.offset();
        float[] gammas = floats(gamma);
        int firstGamma = gamma.offset();
        float[] betas = floats(beta);
        int firstBeta = beta.offset();
        float[] results = floats(y);
        int firstResult = y.offset() + i * x.cols();
        int whole = whole(from, to);
        for (int j = from; j < whole; j += LANES) {
            FloatVector centred = load(values, start + j).sub(load(means, firstMean + j));
            FloatVector normalised = centred.mul(load(inverses, firstInverse + j));
            FloatVector scaled = normalised.mul(load(gammas, firstGamma + j));
            scaled.add(load(betas, firstBeta + j)).intoArray(results, firstResult + j);
        }
        super.normalise(x, i, gamma, beta, mean, inverse, y, whole, to);
    }

    @Override
    void gradient(
            Matrix x,
            int i,
            Matrix mean,
            Matrix inverse,
            Matrix dy,
            float[] shift,
            float[] slope,
            float[] scale,
            Matrix dx,
            int from,
            int to) {
        float[] values = floats(x);
        int start = x.offset() + i * x.cols();
        float[] means = floats(mean);
        int firstMean = mean.offset();
        float[] inverses = floats(inverse);
        int firstInverse = inverse.offset();
        float[] gradients = floats(dy);
        int firstGradient = dy.offset() + i * x.cols();
        float[] results = floats(dx);
        int firstResult = dx.offset() + i * x.cols();
        int whole = whole(from, to);
        for (int j = from; j < whole; j += LANES) {
            FloatVector centred = load(values, start + j).sub(load(means, firstMean + j));
            FloatVector normalised = centred.mul(load(inverses, firstInverse + j));
            FloatVector difference = load(gradients, firstGradient + j).sub(load(shift, j));
            difference.sub(normalised.mul(load(slope, j))).mul(load(scale, j)).intoArray(results, firstResult + j);
        }
        super.gradient(x, i, mean, inverse, dy, shift, slope, scale, dx, whole, to);
    }
}
