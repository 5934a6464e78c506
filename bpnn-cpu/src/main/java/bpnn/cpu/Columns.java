package bpnn.cpu;

import static bpnn.spi.HeapBuffer.floats;

import bpnn.spi.Composed;
import bpnn.spi.Matrix;
import bpnn.spi.Reduction;
import bpnn.spi.Reference;

/**
 * Sums down the columns of a matrix, and batch normalisation, which is made of them; in plain Java. Each method works on
 * columns {@code from .. to - 1}; vectors of one element per column are matrices of one row. The formulas are those of
 * {@link Composed}.
 */
class Columns {
    /** y_j = Σ x_ij, in the order of {@link Reduction#SUM}. */
    void sum(Matrix x, Matrix y, int from, int to) {
        for (int j = from; j < to; j++) {
            floats(y)[y.offset() + j] = Reference.sum(floats(x), x.offset() + j, x.rows(), x.cols());
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
        float keep = Composed.keep(momentum);
        float unbiased = Composed.unbiased(momentum, x.rows());
        for (int j = from; j < to; j++) {
            float average = Reference.sum(floats(x), x.offset() + j, x.rows(), x.cols()) / x.rows();
            float variance = squares(x, j, average) / x.rows();
            floats(mean)[mean.offset() + j] = average;
            floats(inverseDeviation)[inverseDeviation.offset() + j] = inverseDeviation(variance, epsilon);
            int running = runningMean.offset() + j;
            floats(runningMean)[running] = Reference.axpby(momentum, average, keep, floats(runningMean)[running]);
            running = runningVariance.offset() + j;
            floats(runningVariance)[running] =
                    Reference.axpby(unbiased, variance, keep, floats(runningVariance)[running]);
        }
    }

    /** 1 / √(σ² + ε). */
    static float inverseDeviation(float variance, float epsilon) {
        return 1f / (float) Math.sqrt(variance + epsilon);
    }

    /** Σ (x_ij - mean)² over the rows i, in the order of {@link Reduction#SUM}. */
    private static float squares(Matrix x, int j, float mean) {
        float total = 0f;
        for (int start = 0; start < x.rows(); start += Reduction.BLOCK) {
            float block = 0f;
            for (int i = start; i < Math.min(start + Reduction.BLOCK, x.rows()); i++) {
                float difference = floats(x)[x.offset() + i * x.cols() + j] - mean;
                block += difference * difference;
            }
            total += block;
        }
        return total;
    }

    /** y = ((x - mean) · inverseDeviation) · γ + β. */
    void normalise(
            Matrix x, Matrix gamma, Matrix beta, Matrix mean, Matrix inverseDeviation, Matrix y, int from, int to) {
        for (int i = 0; i < x.rows(); i++) {
            for (int j = from; j < to; j++) {
                float value = floats(x)[x.offset() + i * x.cols() + j] - floats(mean)[mean.offset() + j];
                value *= floats(inverseDeviation)[inverseDeviation.offset() + j];
                value *= floats(gamma)[gamma.offset() + j];
                floats(y)[y.offset() + i * x.cols() + j] = value + floats(beta)[beta.offset() + j];
            }
        }
    }

    /** dβ = Σ dy and dγ = Σ dy x̂, with x̂ = (x - mean) · inverseDeviation. */
    void gradientSums(
            Matrix x, Matrix mean, Matrix inverseDeviation, Matrix dy, Matrix dgamma, Matrix dbeta, int from, int to) {
        for (int j = from; j < to; j++) {
            float average = floats(mean)[mean.offset() + j];
            float inverse = floats(inverseDeviation)[inverseDeviation.offset() + j];
            floats(dbeta)[dbeta.offset() + j] = Reference.sum(floats(dy), dy.offset() + j, dy.rows(), dy.cols());
            float total = 0f;
            for (int start = 0; start < x.rows(); start += Reduction.BLOCK) {
                float block = 0f;
                for (int i = start; i < Math.min(start + Reduction.BLOCK, x.rows()); i++) {
                    float normalised = (floats(x)[x.offset() + i * x.cols() + j] - average) * inverse;
                    block += floats(dy)[dy.offset() + i * x.cols() + j] * normalised;
                }
                total += block;
            }
            floats(dgamma)[dgamma.offset() + j] = total;
        }
    }

    /** dx = ((dy - dβ/batch) - x̂ · (dγ/batch)) · (γ · inverseDeviation); dx may be dy. */
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
        float batch = x.rows();
        for (int j = from; j < to; j++) {
            float average = floats(mean)[mean.offset() + j];
            float inverse = floats(inverseDeviation)[inverseDeviation.offset() + j];
            float shift = floats(dbeta)[dbeta.offset() + j] / batch;
            float slope = floats(dgamma)[dgamma.offset() + j] / batch;
            float scale = floats(gamma)[gamma.offset() + j] * inverse;
            for (int i = 0; i < x.rows(); i++) {
                float normalised = (floats(x)[x.offset() + i * x.cols() + j] - average) * inverse;
                float difference = floats(dy)[dy.offset() + i * x.cols() + j] - shift;
                floats(dx)[dx.offset() + i * x.cols() + j] = (difference - normalised * slope) * scale;
            }
        }
    }
}
