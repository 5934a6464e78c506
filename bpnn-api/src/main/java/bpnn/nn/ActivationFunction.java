package bpnn.nn;

import bpnn.spi.Activation;
import org.jspecify.annotations.Nullable;

/**
 * The activation of hidden layers. The first ones are part of a layer's kernels; the others are y = x g(x) with a gate g
 * and composed of primitives by {@link SelfGated}, so that backends need not know them.
 */
public enum ActivationFunction {
    /** y = tanh x. */
    TANH(Activation.TANH),
    /** y = max(x, 0). */
    RELU(Activation.RELU),
    /** y = 1 / (1 + exp(-x)). */
    SIGMOID(Activation.SIGMOID),
    /** y = x where x > 0, else x / 100 (A. L. Maas et al., "Rectifier nonlinearities improve acoustic models", 2013). */
    LEAKY_RELU(null),
    /**
     * y = x σ(2 √(2/π) (x + 0.044715 x³)), which is the approximation by tanh, ½ x (1 + tanh(√(2/π) (x + 0.044715 x³))) (D.
     * Hendrycks and K. Gimpel, "Gaussian error linear units", 2016, section 2).
     */
    GELU(null),
    /** y = x σ(x) (S. Elfwing et al., "Sigmoid-weighted linear units", 2018; also called swish). */
    SILU(null),
    /** y = x. */
    IDENTITY(Activation.IDENTITY);

    /** Slope of leaky ReLU below 0. */
    public static final float SLOPE = 0.01f;
    /** 2 √(2/π). */
    public static final float GELU_LINEAR = 0x1.988454p+0f;
    /** 0.044715 times that. */
    public static final float GELU_CUBIC = 0x1.2444f2p-4f;

    private final @Nullable Activation kernel;

    ActivationFunction(@Nullable Activation kernel) {
        this.kernel = kernel;
    }

    /** The activation that kernels know; null for one that is composed of primitives. */
    public @Nullable Activation kernel() {
        return kernel;
    }

    /** The function of an activation that kernels know. */
    public static ActivationFunction of(Activation activation) {
        return switch (activation) {
            case IDENTITY -> IDENTITY;
            case TANH -> TANH;
            case SIGMOID -> SIGMOID;
            case RELU -> RELU;
        };
    }
}
