package bpnn.tensor;

import static bpnn.tensor.OperandChecks.apart;
import static bpnn.tensor.OperandChecks.orNull;
import static bpnn.tensor.OperandChecks.sameOrApart;

import bpnn.spi.Activation;
import bpnn.spi.Clock;
import bpnn.spi.DropoutSpec;
import bpnn.spi.Kernels;
import org.jspecify.annotations.Nullable;

/** The kernels of dense layers, batch normalisation, activation and dropout, checked as those of {@link Ops} are. */
public final class LayerOps {
    private final Kernels kernels;
    private final OperandChecks checks;

    LayerOps(Kernels kernels, OperandChecks checks) {
        this.kernels = kernels;
        this.checks = checks;
    }

    /** y = activation(x W + b); see {@link Kernels#denseForward}. */
    public void denseForward(Tensor x, Tensor w, @Nullable Tensor bias, Activation activation, Tensor y) {
        denseOutput(x, w, bias, y);
        kernels.denseForward(x.matrix(), w.matrix(), orNull(bias), activation, y.matrix());
    }

    private void denseOutput(Tensor x, Tensor w, @Nullable Tensor bias, Tensor y) {
        checks.floats(x, "x");
        checks.shaped(w, "W", x.cols(), w.cols());
        if (bias != null) {
            checks.shaped(bias, "bias", 1, w.cols());
        }
        checks.shaped(y, "y", x.rows(), w.cols());
        apart(y, "y", x, "x");
    }

    /** A dense layer followed by dropout; see {@link Kernels#denseDropoutForward}. */
    public void denseDropoutForward(
            Tensor x,
            Tensor w,
            @Nullable Tensor bias,
            Activation activation,
            DropoutSpec spec,
            Tensor clock,
            Tensor mask,
            Tensor y,
            Tensor dropped) {
        denseOutput(x, w, bias, y);
        droppedOutput(x, clock, mask, y, dropped);
        kernels.denseDropoutForward(
                x.matrix(),
                w.matrix(),
                orNull(bias),
                activation,
                spec,
                clock.matrix(),
                mask.matrix(),
                y.matrix(),
                dropped.matrix());
    }

    /** Checks the operands of dropout of {@code y} to {@code dropped}, after {@code x}. */
    private void droppedOutput(Tensor x, Tensor clock, Tensor mask, Tensor y, Tensor dropped) {
        checks.integers(clock, "clock", Clock.LENGTH);
        checks.shaped(mask, "mask", y.rows(), y.cols());
        checks.shaped(dropped, "dropped", y.rows(), y.cols());
        apart(mask, "mask", x, "x");
        apart(mask, "mask", y, "y");
        apart(dropped, "dropped", x, "x");
        apart(dropped, "dropped", y, "y");
        apart(dropped, "dropped", mask, "mask");
    }

    /** The gradients of a dense layer; see {@link Kernels#denseBackward}. */
    public void denseBackward(Tensor x, Tensor w, Tensor dy, Tensor dw, @Nullable Tensor dbias, @Nullable Tensor dx) {
        checks.floats(x, "x");
        checks.shaped(w, "W", x.cols(), w.cols());
        checks.shaped(dy, "dy", x.rows(), w.cols());
        gradients(x, w, dy, "dy", dw, dbias, dx);
        kernels.denseBackward(x.matrix(), w.matrix(), dy.matrix(), dw.matrix(), orNull(dbias), orNull(dx));
    }

    private void gradients(
            Tensor x,
            Tensor w,
            Tensor dz,
            String name,
            @Nullable Tensor dw,
            @Nullable Tensor dbias,
            @Nullable Tensor dx) {
        if (dw != null) {
            checks.shaped(dw, "dW", w.rows(), w.cols());
            apart(dw, "dW", dz, name);
        }
        if (dbias != null) {
            checks.shaped(dbias, "dbias", 1, w.cols());
        }
        if (dx != null) {
            checks.shaped(dx, "dx", x.rows(), x.cols());
            apart(dx, "dx", dz, name);
        }
    }

    /** The gradients of a dense layer with its activation and dropout; see {@link Kernels#denseLayerBackward}. */
    public void denseLayerBackward(
            Tensor x,
            Tensor w,
            Activation activation,
            Tensor y,
            @Nullable Tensor mask,
            Tensor dy,
            Tensor dz,
            @Nullable Tensor dw,
            @Nullable Tensor dbias,
            @Nullable Tensor dx) {
        checks.floats(x, "x");
        checks.shaped(w, "W", x.cols(), w.cols());
        checks.shaped(y, "y", x.rows(), w.cols());
        throughActivation(y, mask, dy, dz, "dz");
        gradients(x, w, dz, "dz", dw, dbias, dx);
        kernels.denseLayerBackward(
                x.matrix(),
                w.matrix(),
                activation,
                y.matrix(),
                orNull(mask),
                dy.matrix(),
                dz.matrix(),
                orNull(dw),
                orNull(dbias),
                orNull(dx));
    }

    /** Checks the backward pass from {@code dy} through dropout and activation to {@code dz}. */
    private void throughActivation(Tensor y, @Nullable Tensor mask, Tensor dy, Tensor dz, String name) {
        checks.shaped(dy, "dy", y.rows(), y.cols());
        checks.shaped(dz, name, y.rows(), y.cols());
        sameOrApart(dz, name, dy, "dy");
        apart(dz, name, y, "y");
        if (mask != null) {
            checks.shaped(mask, "mask", y.rows(), y.cols());
            apart(dz, name, mask, "mask");
        }
    }

    /** dx = dy · activation'(x) in terms of y; see {@link Kernels#activationBackward}. */
    public void activationBackward(Activation activation, Tensor y, Tensor dy, Tensor dx) {
        checks.floats(y, "y");
        throughActivation(y, null, dy, dx, "dx");
        kernels.activationBackward(activation, y.matrix(), dy.matrix(), dx.matrix());
    }

    /** Batch normalisation in training; see {@link Kernels#batchNormTrain}. */
    public void batchNormTrain(
            Tensor x,
            Tensor gamma,
            Tensor beta,
            float epsilon,
            float momentum,
            Tensor runningMean,
            Tensor runningVariance,
            Tensor mean,
            Tensor inverseStd,
            Activation activation,
            Tensor y) {
        batchStatistics(x, y);
        checks.rows(x.cols(), gamma, beta, runningMean, runningVariance, mean, inverseStd);
        kernels.batchNormTrain(
                x.matrix(),
                gamma.matrix(),
                beta.matrix(),
                epsilon,
                momentum,
                runningMean.matrix(),
                runningVariance.matrix(),
                mean.matrix(),
                inverseStd.matrix(),
                activation,
                y.matrix());
    }

    private void batchStatistics(Tensor x, Tensor y) {
        checks.floats(x, "x");
        if (x.rows() < 2) {
            throw new IllegalArgumentException(
                    "Batch normalisation in training needs a batch of at least 2 examples, but got " + x.rows());
        }
        checks.shaped(y, "y", x.rows(), x.cols());
        apart(y, "y", x, "x");
    }

    /** Batch normalisation followed by dropout; see {@link Kernels#batchNormDropoutTrain}. */
    public void batchNormDropoutTrain(
            Tensor x,
            Tensor gamma,
            Tensor beta,
            float epsilon,
            float momentum,
            Tensor runningMean,
            Tensor runningVariance,
            Tensor mean,
            Tensor inverseStd,
            Activation activation,
            DropoutSpec spec,
            Tensor clock,
            Tensor mask,
            Tensor y,
            Tensor dropped) {
        batchStatistics(x, y);
        checks.rows(x.cols(), gamma, beta, runningMean, runningVariance, mean, inverseStd);
        droppedOutput(x, clock, mask, y, dropped);
        kernels.batchNormDropoutTrain(
                x.matrix(),
                gamma.matrix(),
                beta.matrix(),
                epsilon,
                momentum,
                runningMean.matrix(),
                runningVariance.matrix(),
                mean.matrix(),
                inverseStd.matrix(),
                activation,
                spec,
                clock.matrix(),
                mask.matrix(),
                y.matrix(),
                dropped.matrix());
    }

    /** Batch normalisation in evaluation; see {@link Kernels#batchNormInfer}. */
    public void batchNormInfer(
            Tensor x,
            Tensor gamma,
            Tensor beta,
            float epsilon,
            Tensor runningMean,
            Tensor runningVariance,
            Activation activation,
            Tensor y) {
        checks.floats(x, "x");
        checks.rows(x.cols(), gamma, beta, runningMean, runningVariance);
        checks.shaped(y, "y", x.rows(), x.cols());
        apart(y, "y", x, "x");
        kernels.batchNormInfer(
                x.matrix(),
                gamma.matrix(),
                beta.matrix(),
                epsilon,
                runningMean.matrix(),
                runningVariance.matrix(),
                activation,
                y.matrix());
    }

    /** The gradients of batch normalisation; see {@link Kernels#batchNormBackward}. */
    public void batchNormBackward(
            Tensor x, Tensor gamma, Tensor mean, Tensor inverseStd, Tensor dy, Tensor dgamma, Tensor dbeta, Tensor dx) {
        checks.floats(x, "x");
        checks.rows(x.cols(), gamma, mean, inverseStd, dgamma, dbeta);
        checks.shaped(dy, "dy", x.rows(), x.cols());
        checks.shaped(dx, "dx", x.rows(), x.cols());
        sameOrApart(dx, "dx", dy, "dy");
        apart(dx, "dx", x, "x");
        kernels.batchNormBackward(
                x.matrix(),
                gamma.matrix(),
                mean.matrix(),
                inverseStd.matrix(),
                dy.matrix(),
                dgamma.matrix(),
                dbeta.matrix(),
                dx.matrix());
    }

    /**
     * The gradients of batch normalisation with its activation and dropout; see {@link Kernels#batchNormLayerBackward}.
     */
    public void batchNormLayerBackward(
            Tensor x,
            Tensor gamma,
            Tensor mean,
            Tensor inverseStd,
            Activation activation,
            Tensor y,
            @Nullable Tensor mask,
            Tensor dy,
            Tensor dgamma,
            Tensor dbeta,
            Tensor dx) {
        checks.floats(x, "x");
        checks.rows(x.cols(), gamma, mean, inverseStd, dgamma, dbeta);
        checks.shaped(y, "y", x.rows(), x.cols());
        throughActivation(y, mask, dy, dx, "dx");
        apart(dx, "dx", x, "x");
        kernels.batchNormLayerBackward(
                x.matrix(),
                gamma.matrix(),
                mean.matrix(),
                inverseStd.matrix(),
                activation,
                y.matrix(),
                orNull(mask),
                dy.matrix(),
                dgamma.matrix(),
                dbeta.matrix(),
                dx.matrix());
    }

    /** y = x · mask with a fresh mask; see {@link Kernels#dropout}. */
    public void dropout(Tensor x, DropoutSpec spec, Tensor clock, Tensor mask, Tensor y) {
        checks.floats(x, "x");
        checks.integers(clock, "clock", Clock.LENGTH);
        checks.shaped(mask, "mask", x.rows(), x.cols());
        checks.shaped(y, "y", x.rows(), x.cols());
        sameOrApart(y, "y", x, "x");
        apart(mask, "mask", x, "x");
        apart(mask, "mask", y, "y");
        kernels.dropout(x.matrix(), spec, clock.matrix(), mask.matrix(), y.matrix());
    }

    /** dx = dy · mask; see {@link Kernels#dropoutBackward}. */
    public void dropoutBackward(Tensor dy, Tensor mask, Tensor dx) {
        checks.floats(dy, "dy");
        checks.shaped(mask, "mask", dy.rows(), dy.cols());
        checks.shaped(dx, "dx", dy.rows(), dy.cols());
        sameOrApart(dx, "dx", dy, "dy");
        apart(dx, "dx", mask, "mask");
        kernels.dropoutBackward(dy.matrix(), mask.matrix(), dx.matrix());
    }
}
