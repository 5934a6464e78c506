package bpnn.nn;

import bpnn.spi.Activation;
import bpnn.tensor.Ops;
import bpnn.tensor.Tensor;
import bpnn.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

/**
 * Batch normalisation with its activation and dropout: y = dropout(activation(γ (x - μ) / √(σ² + ε) + β)), per feature
 * over the batch (S. Ioffe and C. Szegedy, 2015). Training normalises with the biased variance and updates running
 * averages of the mean and of the unbiased variance, which evaluation uses.
 */
public final class BatchNorm implements Layer {
    /** ε. */
    public static final float EPSILON = 1e-5f;
    /** Weight of the current batch in the running statistics. */
    public static final float MOMENTUM = 0.1f;

    private final Ops ops;
    private final String name;
    private final Parameter gamma;
    private final Parameter beta;
    private final Activation activation;
    private final @Nullable Dropout dropout;
    private final Tensor runningMean;
    private final Tensor runningVariance;
    private final Tensor mean;
    private final Tensor inverseStd;
    private final Tensor output;
    private float momentum = MOMENTUM;
    private Tensor x;
    private Tensor y;

    /** @param dropout applied after the activation; null for none */
    BatchNorm(
            Ops ops,
            TensorScope scope,
            String name,
            Parameter gamma,
            Parameter beta,
            Activation activation,
            @Nullable Dropout dropout,
            int capacity) {
        int features = gamma.value().cols();
        this.ops = ops;
        this.name = name;
        this.gamma = gamma;
        this.beta = beta;
        this.activation = activation;
        this.dropout = dropout;
        this.runningMean = scope.zeros(1, features);
        this.runningVariance = scope.zeros(1, features);
        this.mean = scope.zeros(1, features);
        this.inverseStd = scope.zeros(1, features);
        this.output = scope.zeros(capacity, features);
        this.x = output;
        this.y = output;
    }

    /** γ = 1, β = 0, running mean 0 and variance 1. */
    void reset() {
        ops.fill(gamma.value(), 1);
        ops.fill(beta.value(), 0);
        ops.fill(runningMean, 0);
        ops.fill(runningVariance, 1);
    }

    /** Sets the weight of the current batch in the running statistics. */
    void momentum(float weight) {
        momentum = weight;
    }

    /** The running mean, [1, features]. */
    public Tensor runningMean() {
        return runningMean;
    }

    /** The unbiased running variance, [1, features]. */
    public Tensor runningVariance() {
        return runningVariance;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int outputs() {
        return gamma.value().cols();
    }

    @Override
    public Tensor forward(Tensor input, Mode mode) {
        x = input;
        y = output.firstRows(input.rows());
        if (mode == Mode.EVALUATE) {
            ops.layers()
                    .batchNormInfer(
                            x, gamma.value(), beta.value(), EPSILON, runningMean, runningVariance, activation, y);
            return y;
        }
        if (dropout == null) {
            ops.layers()
                    .batchNormTrain(
                            x,
                            gamma.value(),
                            beta.value(),
                            EPSILON,
                            momentum,
                            runningMean,
                            runningVariance,
                            mean,
                            inverseStd,
                            activation,
                            y);
            return y;
        }
        return dropped(dropout);
    }

    private Tensor dropped(Dropout layerDropout) {
        Tensor mask = layerDropout.newMask(x.rows());
        Tensor dropped = layerDropout.output(x.rows());
        ops.layers()
                .batchNormDropoutTrain(
                        x,
                        gamma.value(),
                        beta.value(),
                        EPSILON,
                        momentum,
                        runningMean,
                        runningVariance,
                        mean,
                        inverseStd,
                        activation,
                        layerDropout.spec(),
                        layerDropout.clock(),
                        mask,
                        y,
                        dropped);
        return dropped;
    }

    @Override
    public Tensor backward(Tensor dy, boolean needsInputGradient) {
        Tensor mask = dropout == null ? null : dropout.mask();
        ops.layers()
                .batchNormLayerBackward(
                        x,
                        gamma.value(),
                        mean,
                        inverseStd,
                        activation,
                        y,
                        mask,
                        dy,
                        gamma.gradient(),
                        beta.gradient(),
                        dy);
        return dy;
    }
}
