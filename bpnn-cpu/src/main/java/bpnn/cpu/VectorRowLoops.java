package bpnn.cpu;

import static bpnn.cpu.Lanes.FLOATS;
import static bpnn.spi.HeapBuffer.floats;

import bpnn.spi.Matrix;
import jdk.incubator.vector.FloatVector;

/** {@link RowLoops} in vectors; the columns left over at the end are done in plain Java. */
final class VectorRowLoops extends RowLoops {
    private static final int LANES = FLOATS.length();

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
            FloatVector.fromArray(FLOATS, sum, j)
                    .add(FloatVector.fromArray(FLOATS, values, start + j))
                    .intoArray(sum, j);
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
            FloatVector difference = FloatVector.fromArray(FLOATS, values, start + j)
                    .sub(FloatVector.fromArray(FLOATS, means, firstMean + j));
            FloatVector.fromArray(FLOATS, sum, j)
                    .add(difference.mul(difference))
                    .intoArray(sum, j);
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
            FloatVector centred = FloatVector.fromArray(FLOATS, values, start + j)
                    .sub(FloatVector.fromArray(FLOATS, means, firstMean + j));
            FloatVector normalised = centred.mul(FloatVector.fromArray(FLOATS, inverses, firstInverse + j));
            FloatVector product =
                    FloatVector.fromArray(FLOATS, gradients, firstGradient + j).mul(normalised);
            FloatVector.fromArray(FLOATS, sum, j).add(product).intoArray(sum, j);
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
            FloatVector centred = FloatVector.fromArray(FLOATS, values, start + j)
                    .sub(FloatVector.fromArray(FLOATS, means, firstMean + j));
            FloatVector normalised = centred.mul(FloatVector.fromArray(FLOATS, inverses, firstInverse + j));
            FloatVector scaled = normalised.mul(FloatVector.fromArray(FLOATS, gammas, firstGamma + j));
            scaled.add(FloatVector.fromArray(FLOATS, betas, firstBeta + j)).intoArray(results, firstResult + j);
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
            FloatVector centred = FloatVector.fromArray(FLOATS, values, start + j)
                    .sub(FloatVector.fromArray(FLOATS, means, firstMean + j));
            FloatVector normalised = centred.mul(FloatVector.fromArray(FLOATS, inverses, firstInverse + j));
            FloatVector difference = FloatVector.fromArray(FLOATS, gradients, firstGradient + j)
                    .sub(FloatVector.fromArray(FLOATS, shift, j));
            difference
                    .sub(normalised.mul(FloatVector.fromArray(FLOATS, slope, j)))
                    .mul(FloatVector.fromArray(FLOATS, scale, j))
                    .intoArray(results, firstResult + j);
        }
        super.gradient(x, i, mean, inverse, dy, shift, slope, scale, dx, whole, to);
    }
}
