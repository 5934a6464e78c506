package bpnn.cpu;

import static bpnn.cpu.Species.FLOATS;
import static bpnn.spi.HeapBuffer.floats;

import bpnn.spi.Matrix;
import jdk.incubator.vector.FloatVector;

/** {@link RowLoops} in vectors; the tail columns in plain Java. */
final class VectorRowLoops extends RowLoops {
    private static final int LANES = FLOATS.length();

    /** End of the whole vectors in {@code from .. to - 1}. */
    private static int whole(int from, int to) {
        return from + FLOATS.loopBound(to - from);
    }

    @Override
    void addSums(Matrix x, int row0, int row1, BlockSums sums, int from, int to) {
        float[] values = floats(x);
        int cols = x.cols();
        int j = from;
        for (; j + 4 * LANES <= to; j += 4 * LANES) {
            FloatVector a = FloatVector.zero(FLOATS);
            FloatVector b = FloatVector.zero(FLOATS);
            FloatVector c = FloatVector.zero(FLOATS);
            FloatVector d = FloatVector.zero(FLOATS);
            int at = x.offset() + row0 * cols + j;
            for (int i = row0; i < row1; i++) {
                a = a.add(FloatVector.fromArray(FLOATS, values, at));
                b = b.add(FloatVector.fromArray(FLOATS, values, at + LANES));
                c = c.add(FloatVector.fromArray(FLOATS, values, at + 2 * LANES));
                d = d.add(FloatVector.fromArray(FLOATS, values, at + 3 * LANES));
                at += cols;
            }
            addTo(sums.total(), j, a);
            addTo(sums.total(), j + LANES, b);
            addTo(sums.total(), j + 2 * LANES, c);
            addTo(sums.total(), j + 3 * LANES, d);
        }
        if (j < to) {
            super.addSums(x, row0, row1, sums, j, to);
        }
    }

    @Override
    void addSquares(Matrix x, Matrix mean, int row0, int row1, BlockSums sums, int from, int to) {
        float[] values = floats(x);
        float[] means = floats(mean);
        int cols = x.cols();
        int j = from;
        for (; j + 4 * LANES <= to; j += 4 * LANES) {
            int firstMean = mean.offset() + j;
            FloatVector meanA = FloatVector.fromArray(FLOATS, means, firstMean);
            FloatVector meanB = FloatVector.fromArray(FLOATS, means, firstMean + LANES);
            FloatVector meanC = FloatVector.fromArray(FLOATS, means, firstMean + 2 * LANES);
            FloatVector meanD = FloatVector.fromArray(FLOATS, means, firstMean + 3 * LANES);
            FloatVector a = FloatVector.zero(FLOATS);
            FloatVector b = FloatVector.zero(FLOATS);
            FloatVector c = FloatVector.zero(FLOATS);
            FloatVector d = FloatVector.zero(FLOATS);
            int at = x.offset() + row0 * cols + j;
            for (int i = row0; i < row1; i++) {
                FloatVector differenceA =
                        FloatVector.fromArray(FLOATS, values, at).sub(meanA);
                FloatVector differenceB =
                        FloatVector.fromArray(FLOATS, values, at + LANES).sub(meanB);
                FloatVector differenceC =
                        FloatVector.fromArray(FLOATS, values, at + 2 * LANES).sub(meanC);
                FloatVector differenceD =
                        FloatVector.fromArray(FLOATS, values, at + 3 * LANES).sub(meanD);
                a = a.add(differenceA.mul(differenceA));
                b = b.add(differenceB.mul(differenceB));
                c = c.add(differenceC.mul(differenceC));
                d = d.add(differenceD.mul(differenceD));
                at += cols;
            }
            addTo(sums.total(), j, a);
            addTo(sums.total(), j + LANES, b);
            addTo(sums.total(), j + 2 * LANES, c);
            addTo(sums.total(), j + 3 * LANES, d);
        }
        if (j < to) {
            super.addSquares(x, mean, row0, row1, sums, j, to);
        }
    }

    @Override
    void addProducts(
            Matrix x, Matrix mean, Matrix inverse, Matrix dy, int row0, int row1, BlockSums sums, int from, int to) {
        float[] values = floats(x);
        float[] gradients = floats(dy);
        int cols = x.cols();
        int j = from;
        for (; j + 2 * LANES <= to; j += 2 * LANES) {
            int firstMean = mean.offset() + j;
            int firstInverse = inverse.offset() + j;
            FloatVector meanA = FloatVector.fromArray(FLOATS, floats(mean), firstMean);
            FloatVector meanB = FloatVector.fromArray(FLOATS, floats(mean), firstMean + LANES);
            FloatVector inverseA = FloatVector.fromArray(FLOATS, floats(inverse), firstInverse);
            FloatVector inverseB = FloatVector.fromArray(FLOATS, floats(inverse), firstInverse + LANES);
            FloatVector a = FloatVector.zero(FLOATS);
            FloatVector b = FloatVector.zero(FLOATS);
            int at = x.offset() + row0 * cols + j;
            int atGradient = dy.offset() + row0 * cols + j;
            for (int i = row0; i < row1; i++) {
                FloatVector normalisedA =
                        FloatVector.fromArray(FLOATS, values, at).sub(meanA).mul(inverseA);
                FloatVector normalisedB = FloatVector.fromArray(FLOATS, values, at + LANES)
                        .sub(meanB)
                        .mul(inverseB);
                a = a.add(FloatVector.fromArray(FLOATS, gradients, atGradient).mul(normalisedA));
                b = b.add(FloatVector.fromArray(FLOATS, gradients, atGradient + LANES)
                        .mul(normalisedB));
                at += cols;
                atGradient += cols;
            }
            addTo(sums.total(), j, a);
            addTo(sums.total(), j + LANES, b);
        }
        if (j < to) {
            super.addProducts(x, mean, inverse, dy, row0, row1, sums, j, to);
        }
    }

    private static void addTo(float[] sum, int at, FloatVector block) {
        FloatVector.fromArray(FLOATS, sum, at).add(block).intoArray(sum, at);
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
