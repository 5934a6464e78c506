package bpnn.spi;

import static bpnn.spi.Composed.FIRST;
import static bpnn.spi.Composed.SECOND;
import static bpnn.spi.Composed.THIRD;
import static bpnn.spi.Composed.activate;
import static bpnn.spi.Composed.oneMinus;
import static bpnn.spi.Composed.scalar;
import static bpnn.spi.Composed.scratch;
import static bpnn.spi.Composed.throughActivation;

import org.jspecify.annotations.Nullable;

/**
 * The definition of batch normalisation, composed of primitives under the rules of {@link Composed}. Source: Ioffe and
 * Szegedy, Batch Normalization (2015), algorithm 1.
 */
public final class ComposedBatchNorm {
    private ComposedBatchNorm() {}

    /** {@link Kernels#batchNormTrain}. */
    public static void batchNormTrain(
            Kernels k,
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
            Matrix y) {
        int batch = x.rows();
        k.reduce(Reduction.SUM, Axis.ROWS, x, mean);
        k.zip(BinaryOp.DIVIDE, mean, scalar(k, batch), mean);
        Matrix square = scratch(k, FIRST, x);
        Matrix variance = scratch(k, SECOND, mean);
        k.zip(BinaryOp.SUBTRACT, x, mean, square);
        k.zip(BinaryOp.MULTIPLY, square, square, square);
        k.reduce(Reduction.SUM, Axis.ROWS, square, variance);
        k.zip(BinaryOp.DIVIDE, variance, scalar(k, batch), variance);
        k.axpby(momentum, mean, oneMinus(momentum), runningMean);
        k.axpby(varianceMomentum(momentum, batch), variance, oneMinus(momentum), runningVariance);
        inverseStd(k, variance, epsilon, inverseStd);
        normalise(k, x, gamma, beta, mean, inverseStd, activation, y);
    }

    /** The weight of the biased batch variance in the running unbiased variance: momentum · batch / (batch - 1). */
    public static float varianceMomentum(float momentum, int batch) {
        return (float) ((double) momentum * batch / (batch - 1.0));
    }

    /** y = 1 / √(variance + ε); {@code y} may be {@code variance}. */
    private static void inverseStd(Kernels k, Matrix variance, float epsilon, Matrix y) {
        Matrix deviation = scratch(k, THIRD, variance);
        k.zip(BinaryOp.ADD, variance, scalar(k, epsilon), deviation);
        k.map(UnaryOp.SQRT, deviation, deviation);
        k.fill(y, 1);
        k.zip(BinaryOp.DIVIDE, y, deviation, y);
    }

    /** y = activation(((x - μ) · s) · γ + β), rounded four times before the activation. */
    private static void normalise(
            Kernels k,
            Matrix x,
            Matrix gamma,
            Matrix beta,
            Matrix mean,
            Matrix inverseStd,
            Activation activation,
            Matrix y) {
        k.zip(BinaryOp.SUBTRACT, x, mean, y);
        k.zip(BinaryOp.MULTIPLY, y, inverseStd, y);
        k.zip(BinaryOp.MULTIPLY, y, gamma, y);
        k.zip(BinaryOp.ADD, y, beta, y);
        activate(k, activation, y);
    }

    /** {@link Kernels#batchNormDropoutTrain}. */
    public static void batchNormDropoutTrain(
            Kernels k,
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
            DropoutSpec spec,
            Matrix clock,
            Matrix mask,
            Matrix y,
            Matrix dropped) {
        k.batchNormTrain(
                x, gamma, beta, epsilon, momentum, runningMean, runningVariance, mean, inverseStd, activation, y);
        k.dropout(y, spec, clock, mask, dropped);
    }

    /** {@link Kernels#batchNormInfer}. */
    public static void batchNormInfer(
            Kernels k,
            Matrix x,
            Matrix gamma,
            Matrix beta,
            float epsilon,
            Matrix runningMean,
            Matrix runningVariance,
            Activation activation,
            Matrix y) {
        Matrix inverseStd = scratch(k, SECOND, runningVariance);
        inverseStd(k, runningVariance, epsilon, inverseStd);
        normalise(k, x, gamma, beta, runningMean, inverseStd, activation, y);
    }

    /** {@link Kernels#batchNormBackward}: dx = ((dy - dβ/batch) - x̂ · (dγ/batch)) · (γ · s), with x̂ = (x - μ) · s. */
    public static void batchNormBackward(
            Kernels k,
            Matrix x,
            Matrix gamma,
            Matrix mean,
            Matrix inverseStd,
            Matrix dy,
            Matrix dgamma,
            Matrix dbeta,
            Matrix dx) {
        Matrix normalised = scratch(k, FIRST, x);
        Matrix product = scratch(k, SECOND, x);
        Matrix row = scratch(k, THIRD, gamma);
        k.zip(BinaryOp.SUBTRACT, x, mean, normalised);
        k.zip(BinaryOp.MULTIPLY, normalised, inverseStd, normalised);
        k.reduce(Reduction.SUM, Axis.ROWS, dy, dbeta);
        k.zip(BinaryOp.MULTIPLY, dy, normalised, product);
        k.reduce(Reduction.SUM, Axis.ROWS, product, dgamma);
        Matrix batch = scalar(k, x.rows());
        k.zip(BinaryOp.DIVIDE, dgamma, batch, row);
        k.zip(BinaryOp.MULTIPLY, normalised, row, normalised);
        k.zip(BinaryOp.DIVIDE, dbeta, batch, row);
        k.zip(BinaryOp.SUBTRACT, dy, row, dx);
        k.zip(BinaryOp.SUBTRACT, dx, normalised, dx);
        k.zip(BinaryOp.MULTIPLY, gamma, inverseStd, row);
        k.zip(BinaryOp.MULTIPLY, dx, row, dx);
    }

    /** {@link Kernels#batchNormLayerBackward}. */
    public static void batchNormLayerBackward(
            Kernels k,
            Matrix x,
            Matrix gamma,
            Matrix mean,
            Matrix inverseStd,
            Activation activation,
            Matrix y,
            @Nullable Matrix mask,
            Matrix dy,
            Matrix dgamma,
            Matrix dbeta,
            Matrix dx) {
        throughActivation(k, activation, y, mask, dy, dx);
        k.batchNormBackward(x, gamma, mean, inverseStd, dx, dgamma, dbeta, dx);
    }
}
