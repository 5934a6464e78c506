package bpnn.cpu;

import static bpnn.cpu.Lanes.FLOATS;
import static bpnn.spi.HeapBuffer.floats;

import bpnn.spi.Composed;
import bpnn.spi.Matrix;
import bpnn.spi.Reduction;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** {@link Columns} in vectors, each lane a column; the columns left over at the end are done in plain Java. */
final class VectorColumns extends Columns {
    private static final int LANES = FLOATS.length();

    private static FloatVector load(float[] x, int index) {
        return FloatVector.fromArray(FLOATS, x, index);
    }

    /** The elements of a vector of columns, or of row 0, from column {@code j} on. */
    private static FloatVector load(Matrix row, int j) {
        return load(floats(row), row.offset() + j);
    }

    private static void store(FloatVector vector, Matrix row, int j) {
        vector.intoArray(floats(row), row.offset() + j);
    }

    @Override
    void sum(Matrix x, Matrix y, int from, int to) {
        int whole = from + FLOATS.loopBound(to - from);
        for (int j = from; j < whole; j += LANES) {
            store(sum(floats(x), x.offset() + j, x.rows(), x.cols()), y, j);
        }
        super.sum(x, y, whole, to);
    }

    private static FloatVector sum(float[] x, int start, int rows, int stride) {
        FloatVector total = FloatVector.zero(FLOATS);
        int row = start;
        for (int first = 0; first < rows; first += Reduction.BLOCK) {
            FloatVector block = FloatVector.zero(FLOATS);
            for (int i = Math.min(Reduction.BLOCK, rows - first); i > 0; i--) {
                block = block.add(load(x, row));
                row += stride;
            }
            total = total.add(block);
        }
        return total;
    }

    @Override
    void statistics(
            Matrix x,
            float epsilon,
            float momentum,
            Matrix runningMean,
            Matrix runningVariance,
            Matrix mean,
            Matrix inverseDeviation,
            int from,
            int to) {
        float keep = Composed.keep(momentum);
        float unbiased = Composed.unbiased(momentum, x.rows());
        int whole = keep == 0 ? from : from + FLOATS.loopBound(to - from);
        for (int j = from; j < whole; j += LANES) {
            FloatVector average =
                    sum(floats(x), x.offset() + j, x.rows(), x.cols()).div(x.rows());
            FloatVector variance = squares(floats(x), x.offset() + j, x.rows(), x.cols(), average)
                    .div(x.rows());
            store(average, mean, j);
            FloatVector deviation = variance.add(epsilon).lanewise(VectorOperators.SQRT);
            store(FloatVector.broadcast(FLOATS, 1f).div(deviation), inverseDeviation, j);
            move(average, momentum, keep, runningMean, j);
            move(variance, unbiased, keep, runningVariance, j);
        }
        super.statistics(x, epsilon, momentum, runningMean, runningVariance, mean, inverseDeviation, whole, to);
    }

    private static void move(FloatVector towards, float share, float keep, Matrix running, int j) {
        FloatVector kept = load(running, j).mul(keep);
        store(FloatVector.broadcast(FLOATS, share).fma(towards, kept), running, j);
    }

    private static FloatVector squares(float[] x, int start, int rows, int stride, FloatVector mean) {
        FloatVector total = FloatVector.zero(FLOATS);
        int row = start;
        for (int first = 0; first < rows; first += Reduction.BLOCK) {
            FloatVector block = FloatVector.zero(FLOATS);
            for (int i = Math.min(Reduction.BLOCK, rows - first); i > 0; i--) {
                FloatVector difference = load(x, row).sub(mean);
                block = block.add(difference.mul(difference));
                row += stride;
            }
            total = total.add(block);
        }
        return total;
    }

    @Override
    void normalise(
            Matrix x, Matrix gamma, Matrix beta, Matrix mean, Matrix inverseDeviation, Matrix y, int from, int to) {
        int whole = from + FLOATS.loopBound(to - from);
        for (int j = from; j < whole; j += LANES) {
            FloatVector average = load(mean, j);
            FloatVector inverse = load(inverseDeviation, j);
            FloatVector scale = load(gamma, j);
            FloatVector shift = load(beta, j);
            normalise(
                    floats(x),
                    x.offset() + j,
                    average,
                    inverse,
                    scale,
                    shift,
                    floats(y),
                    y.offset() + j,
                    x.rows(),
                    x.cols());
        }
        super.normalise(x, gamma, beta, mean, inverseDeviation, y, whole, to);
    }

    private static void normalise(
            float[] x,
            int xStart,
            FloatVector mean,
            FloatVector inverse,
            FloatVector gamma,
            FloatVector beta,
            float[] y,
            int yStart,
            int rows,
            int stride) {
        for (int i = 0; i < rows; i++) {
            FloatVector normalised = load(x, xStart + i * stride).sub(mean).mul(inverse);
            normalised.mul(gamma).add(beta).intoArray(y, yStart + i * stride);
        }
    }

    @Override
    void gradientSums(
            Matrix x, Matrix mean, Matrix inverseDeviation, Matrix dy, Matrix dgamma, Matrix dbeta, int from, int to) {
        int whole = from + FLOATS.loopBound(to - from);
        for (int j = from; j < whole; j += LANES) {
            store(sum(floats(dy), dy.offset() + j, dy.rows(), dy.cols()), dbeta, j);
            FloatVector average = load(mean, j);
            FloatVector inverse = load(inverseDeviation, j);
            FloatVector products = products(
                    floats(x), x.offset() + j, average, inverse, floats(dy), dy.offset() + j, x.rows(), x.cols());
            store(products, dgamma, j);
        }
        super.gradientSums(x, mean, inverseDeviation, dy, dgamma, dbeta, whole, to);
    }

    private static FloatVector products(
            float[] x,
            int xStart,
            FloatVector mean,
            FloatVector inverse,
            float[] dy,
            int dyStart,
            int rows,
            int stride) {
        FloatVector total = FloatVector.zero(FLOATS);
        int row = 0;
        for (int first = 0; first < rows; first += Reduction.BLOCK) {
            FloatVector block = FloatVector.zero(FLOATS);
            for (int i = Math.min(Reduction.BLOCK, rows - first); i > 0; i--) {
                FloatVector normalised = load(x, xStart + row).sub(mean).mul(inverse);
                block = block.add(load(dy, dyStart + row).mul(normalised));
                row += stride;
            }
            total = total.add(block);
        }
        return total;
    }

    @Override
    void gradient(
            Matrix x,
            Matrix gamma,
            Matrix mean,
            Matrix inverseDeviation,
            Matrix dy,
            Matrix dgamma,
            Matrix dbeta,
            Matrix dx,
            int from,
            int to) {
        int whole = from + FLOATS.loopBound(to - from);
        for (int j = from; j < whole; j += LANES) {
            FloatVector average = load(mean, j);
            FloatVector inverse = load(inverseDeviation, j);
            FloatVector shift = load(dbeta, j).div(x.rows());
            FloatVector slope = load(dgamma, j).div(x.rows());
            FloatVector scale = load(gamma, j).mul(inverse);
            for (int i = 0; i < x.rows(); i++) {
                int at = i * x.cols() + j;
                FloatVector normalised = load(x, at).sub(average).mul(inverse);
                FloatVector difference = load(dy, at).sub(shift);
                store(difference.sub(normalised.mul(slope)).mul(scale), dx, at);
            }
        }
        super.gradient(x, gamma, mean, inverseDeviation, dy, dgamma, dbeta, dx, whole, to);
    }
}
