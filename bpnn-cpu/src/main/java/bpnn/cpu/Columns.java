package bpnn.cpu;

import static bpnn.spi.HeapBuffer.floats;

import bpnn.spi.Composed;
import bpnn.spi.Matrix;
import bpnn.spi.Reduction;
import bpnn.spi.Reference;
import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * Sums down the columns of a matrix, and batch normalisation, which is made of them. Each method works on columns
 * {@code from .. to - 1}, so that threads can share the columns; the formulas are those of {@link Composed}.
 */
final class Columns {
    private final RowLoops loops;
    /** One value per column; {@link #reserve} makes room before the threads begin. */
    private float[] block = {};

    private float[] total = {};
    private float[] shift = {};
    private float[] slope = {};
    private float[] scale = {};

    Columns(RowLoops loops) {
        this.loops = loops;
    }

    /** Makes room for {@code columns} columns; called by one thread before the others need it. */
    void reserve(int columns) {
        if (block.length < columns) {
            block = new float[columns];
            total = new float[columns];
            shift = new float[columns];
            slope = new float[columns];
            scale = new float[columns];
        }
    }

    /** y_j = Σ x_ij. */
    void sum(Matrix x, Matrix y, int from, int to) {
        sumInBlocks(x.rows(), from, to, i -> loops.add(x, i, block, from, to));
        System.arraycopy(total, from, floats(y), y.offset() + from, to - from);
    }

    /** Sums up in {@link #total}, in the order of {@link Reduction#SUM}, what {@code row} adds to {@link #block}. */
    private void sumInBlocks(int rows, int from, int to, IntConsumer row) {
        Arrays.fill(total, from, to, 0f);
        for (int start = 0; start < rows; start += Reduction.BLOCK) {
            Arrays.fill(block, from, to, 0f);
            for (int i = start; i < Math.min(start + Reduction.BLOCK, rows); i++) {
                row.accept(i);
            }
            for (int j = from; j < to; j++) {
                total[j] += block[j];
            }
        }
    }

    /** The mean and 1 / √(σ² + ε) of each column, and the running statistics. */
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
        sumInBlocks(x.rows(), from, to, i -> loops.add(x, i, block, from, to));
        for (int j = from; j < to; j++) {
            floats(mean)[mean.offset() + j] = total[j] / x.rows();
            move(runningMean, j, momentum, total[j] / x.rows(), momentum);
        }
        sumInBlocks(x.rows(), from, to, i -> loops.addSquares(x, i, mean, block, from, to));
        float unbiased = Composed.unbiased(momentum, x.rows());
        for (int j = from; j < to; j++) {
            float variance = total[j] / x.rows();
            floats(inverseDeviation)[inverseDeviation.offset() + j] = inverseDeviation(variance, epsilon);
            move(runningVariance, j, unbiased, variance, momentum);
        }
    }

    /** running_j = share · value + (1 - momentum) · running_j. */
    private static void move(Matrix running, int j, float share, float value, float momentum) {
        float[] values = floats(running);
        int at = running.offset() + j;
        values[at] = Reference.axpby(share, value, Composed.keep(momentum), values[at]);
    }

    /** 1 / √(σ² + ε). */
    static float inverseDeviation(float variance, float epsilon) {
        return 1f / (float) Math.sqrt(variance + epsilon);
    }

    /** dβ = Σ dy, dγ = Σ dy x̂, dx = ((dy - dβ/batch) - x̂ · (dγ/batch)) · (γ · inverseDeviation); dx may be dy. */
    void backward(
            Matrix x,
            Matrix gamma,
            Matrix mean,
            Matrix inverse,
            Matrix dy,
            Matrix dgamma,
            Matrix dbeta,
            Matrix dx,
            int from,
            int to) {
        sum(dy, dbeta, from, to);
        sumInBlocks(x.rows(), from, to, i -> loops.addProducts(x, i, mean, inverse, dy, block, from, to));
        System.arraycopy(total, from, floats(dgamma), dgamma.offset() + from, to - from);
        for (int j = from; j < to; j++) {
            shift[j] = floats(dbeta)[dbeta.offset() + j] / x.rows();
            slope[j] = total[j] / x.rows();
            scale[j] = floats(gamma)[gamma.offset() + j] * floats(inverse)[inverse.offset() + j];
        }
        for (int i = 0; i < x.rows(); i++) {
            loops.gradient(x, i, mean, inverse, dy, shift, slope, scale, dx, from, to);
        }
    }
}
