package bpnn.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import bpnn.tensor.Ops;
import bpnn.tensor.Tensor;
import bpnn.tensor.TensorScope;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Activations composed of primitives, against their usual formulas in float64. */
class SelfGatedTest {
    private static final float[] X = {-20, -3, -1, -0.5f, -0.01f, 0, 0.01f, 0.5f, 1, 3, 20, 100};

    @RegisterExtension
    private final ReferenceFixture reference = new ReferenceFixture();

    private final Ops ops = reference.ops;
    private final TensorScope scope = reference.scope;

    private void check(ActivationFunction function, DoubleUnaryOperator formula) {
        SelfGated layer = new SelfGated(ops, scope, "act1", function, X.length, null, 2);
        Tensor x = scope.of(1, X.length, X);
        float[] y = layer.forward(x, Mode.EVALUATE).toArray();
        Tensor dy = scope.zeros(1, X.length);
        ops.fill(dy, 2);
        float[] dx = layer.backward(dy, true).toArray();
        for (int i = 0; i < X.length; i++) {
            double expected = formula.applyAsDouble(X[i]);
            assertThat((double) y[i]).as("%s(%s)", function, X[i]).isCloseTo(expected, within(2e-6 * Math.abs(X[i])));
            // On one side of the kink at 0.
            double side = X[i] == 0 ? -1e-6 : 0;
            double step = 1e-6 * Math.max(1, Math.abs(X[i]));
            double slope =
                    (formula.applyAsDouble(X[i] + step + side) - formula.applyAsDouble(X[i] - step + side)) / step;
            assertThat((double) dx[i]).as("%s'(%s)", function, X[i]).isCloseTo(slope, within(1e-5));
        }
    }

    @Test
    void leakyRelu() {
        check(ActivationFunction.LEAKY_RELU, x -> x > 0 ? x : 0.01 * x);
        SelfGated layer = new SelfGated(ops, scope, "act1", ActivationFunction.LEAKY_RELU, X.length, null, 1);
        float[] y = layer.forward(scope.of(1, X.length, X), Mode.EVALUATE).toArray();
        for (int i = 0; i < X.length; i++) {
            assertThat(y[i]).isEqualTo(X[i] > 0 ? X[i] : 0.01f * X[i]);
        }
    }

    @Test
    void silu() {
        check(ActivationFunction.SILU, x -> x / (1 + Math.exp(-x)));
    }

    @Test
    void geluAsApproximatedByTanh() {
        check(
                ActivationFunction.GELU,
                x -> 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))));
    }
}
