package bpnn.cpu;

import static bpnn.spi.HeapBuffer.floats;

import bpnn.spi.Activation;
import bpnn.spi.Composed;
import bpnn.spi.ComposedBatchNorm;
import bpnn.spi.Matrix;
import bpnn.spi.Reference;

/** Batch normalisation, split among the threads by columns; the formulas are those of {@link Composed}. */
final class BatchNormalisation {
    private final ColumnSums columnSums;
    private final RowLoops loops;
    private final Elementwise elementwise;
    /** One value per column. */
    private float[] shift = {};

    private float[] slope = {};
    private float[] scale = {};

    BatchNormalisation(ColumnSums columnSums, RowLoops loops, Elementwise elementwise) {
        this.columnSums = columnSums;
        this.loops = loops;
        this.elementwise = elementwise;
    }

    /** {@link bpnn.spi.Kernels#batchNormTrain}, then {@code after} on each row. */
    void train(
            Matrix x,
            Matrix gamma,
            Matrix beta,
            float epsilon,
            float momentum,
            Matrix runningMean,
            Matrix runningVariance,
            Matrix mean,
            Matrix inverseStd,
            Activation activation,
            Matrix y,
            RowTask after) {
        columnSums.forColumns(x, (from, to) -> {
            statistics(x, epsilon, momentum, runningMean, runningVariance, mean, inverseStd, from, to);
            normalise(x, gamma, beta, mean, inverseStd, activation, y, after, from, to);
        });
    }

    /** Computes μ and 1 / √(σ² + ε) of each column and updates the running statistics. */
    private void statistics(
            Matrix x,
            float epsilon,
            float momentum,
            Matrix runningMean,
            Matrix runningVariance,
            Matrix mean,
            Matrix inverseStd,
            int from,
            int to) {
        float[] sum = columnSums.sumBlocks(
                x.rows(), from, to, (row0, row1) -> loops.addSums(x, row0, row1, columnSums.sums(), from, to));
        for (int j = from; j < to; j++) {
            floats(mean)[mean.offset() + j] = sum[j] / x.rows();
            updateRunning(runningMean, j, momentum, sum[j] / x.rows(), momentum);
        }
        float[] squares = columnSums.sumBlocks(
                x.rows(), from, to, (row0, row1) -> loops.addSquares(x, mean, row0, row1, columnSums.sums(), from, to));
        float unbiased = ComposedBatchNorm.varianceMomentum(momentum, x.rows());
        for (int j = from; j < to; j++) {
            float variance = squares[j] / x.rows();
            floats(inverseStd)[inverseStd.offset() + j] = inverseStd(variance, epsilon);
            updateRunning(runningVariance, j, unbiased, variance, momentum);
        }
    }

    /** running_j = weight · value + (1 - momentum) · running_j. */
    private static void updateRunning(Matrix running, int j, float weight, float value, float momentum) {
        float[] values = floats(running);
        int at = running.offset() + j;
        values[at] = Reference.axpby(weight, value, Composed.oneMinus(momentum), values[at]);
    }

    /** 1 / √(σ² + ε). */
    private static float inverseStd(float variance, float epsilon) {
        return 1f / (float) Math.sqrt(variance + epsilon);
    }

    private void normalise(
            Matrix x,
            Matrix gamma,
            Matrix beta,
            Matrix mean,
            Matrix inverseStd,
            Activation activation,
            Matrix y,
            RowTask after,
            int from,
            int to) {
        for (int i = 0; i < y.rows(); i++) {
            loops.normalise(x, i, gamma, beta, mean, inverseStd, y, from, to);
            elementwise.activate(activation, floats(y), y.offset() + i * y.cols() + from, to - from);
            after.run(i, from, to);
        }
    }

    /** {@link bpnn.spi.Kernels#batchNormInfer}; {@code inverseStd} [1, n] is scratch space for 1 / √(σ² + ε). */
    void infer(
            Matrix x,
            Matrix gamma,
            Matrix beta,
            float epsilon,
            Matrix runningMean,
            Matrix runningVariance,
            Matrix inverseStd,
            Activation activation,
            Matrix y) {
        for (int j = 0; j < x.cols(); j++) {
            float variance = floats(runningVariance)[runningVariance.offset() + j];
            floats(inverseStd)[inverseStd.offset() + j] = inverseStd(variance, epsilon);
        }
        columnSums.forColumns(
                x,
                (from, to) ->
                        normalise(x, gamma, beta, runningMean, inverseStd, activation, y, RowTask.NONE, from, to));
    }

    /** {@link bpnn.spi.Kernels#batchNormBackward}; {@code before} computes each row of dy. */
    void backward(
            Matrix x,
            Matrix gamma,
            Matrix mean,
            Matrix inverseStd,
            Matrix dy,
            RowTask before,
            Matrix dgamma,
            Matrix dbeta,
            Matrix dx) {
        if (shift.length < x.cols()) {
            shift = new float[x.cols()];
            slope = new float[x.cols()];
            scale = new float[x.cols()];
        }
        columnSums.forColumns(x, (from, to) -> {
            gradientSums(x, gamma, mean, inverseStd, dy, before, dgamma, dbeta, from, to);
            for (int i = 0; i < x.rows(); i++) {
                loops.gradient(x, i, mean, inverseStd, dy, shift, slope, scale, dx, from, to);
            }
        });
    }

    /** Computes dβ, dγ, and the three coefficients per column of {@link RowLoops#gradient}. */
    private void gradientSums(
            Matrix x,
            Matrix gamma,
            Matrix mean,
            Matrix inverse,
            Matrix dy,
            RowTask before,
            Matrix dgamma,
            Matrix dbeta,
            int from,
            int to) {
        float[] gradients = columnSums.sumBlocks(x.rows(), from, to, (row0, row1) -> {
            for (int i = row0; i < row1; i++) {
                before.run(i, from, to);
            }
            loops.addSums(dy, row0, row1, columnSums.sums(), from, to);
        });
        System.arraycopy(gradients, from, floats(dbeta), dbeta.offset() + from, to - from);
        float[] products = columnSums.sumBlocks(
                x.rows(),
                from,
                to,
                (row0, row1) -> loops.addProducts(x, mean, inverse, dy, row0, row1, columnSums.sums(), from, to));
        System.arraycopy(products, from, floats(dgamma), dgamma.offset() + from, to - from);
        for (int j = from; j < to; j++) {
            shift[j] = floats(dbeta)[dbeta.offset() + j] / x.rows();
            slope[j] = products[j] / x.rows();
            scale[j] = floats(gamma)[gamma.offset() + j] * floats(inverse)[inverse.offset() + j];
        }
    }
}
