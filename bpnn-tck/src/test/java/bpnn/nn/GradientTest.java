package bpnn.nn;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.spi.Activation;
import bpnn.spi.DropoutSpec;
import bpnn.tck.oracle.Float64Kernels;
import bpnn.tensor.Tensor;
import bpnn.tensor.TensorScope;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every gradient matches central differences in float64. */
class GradientTest {
    private static Parameter parameter(TensorScope scope, String name, int rows, int cols) {
        return new Parameter(name, scope.zeros(rows, cols), scope.zeros(rows, cols));
    }

    private static void assertSmall(Map<String, Double> errors) {
        assertThat(errors).allSatisfy((name, error) -> assertThat(error).isLessThan(GradientCheck.THRESHOLD));
    }

    @ParameterizedTest
    @EnumSource
    void denseLayer(Activation activation) {
        assertSmall(dense(activation, (scope, clock) -> null));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void denseLayerWithDropout(boolean perBatch) {
        assertSmall(dense(Activation.TANH, (scope, clock) -> dropout(scope, 4, perBatch, clock)));
    }

    @ParameterizedTest
    @EnumSource
    void batchNorm(Activation activation) {
        assertSmall(batchNorm(activation, (scope, clock) -> null));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void batchNormWithDropout(boolean perBatch) {
        assertSmall(
                batchNorm(Activation.TANH, (scope, clock) -> dropout(scope, GradientCheck.INPUTS, perBatch, clock)));
    }

    /** Creates the dropout of a layer. */
    private interface DropoutFactory {
        @Nullable
        Dropout make(TensorScope scope, Tensor clock);
    }

    private static Dropout dropout(TensorScope scope, int features, boolean perBatch, Tensor clock) {
        return new Dropout(scope, features, new DropoutSpec(1, 0, 0.4f, perBatch), clock, GradientCheck.BATCH);
    }

    private static Map<String, Double> dense(Activation activation, DropoutFactory factory) {
        return GradientCheck.layer((ops, scope, clock, inputs, capacity) -> {
            Parameter weight = parameter(scope, "weight", inputs, 4);
            Parameter bias = parameter(scope, "bias", 1, 4);
            Dropout dropout = factory.make(scope, clock);
            Layer layer = new Dense(ops, scope, "fc", weight, bias, activation, dropout, capacity);
            return new GradientCheck.Subject(layer, List.of(weight, bias));
        });
    }

    private static Map<String, Double> batchNorm(Activation activation, DropoutFactory factory) {
        return GradientCheck.layer((ops, scope, clock, inputs, capacity) -> {
            Parameter gamma = parameter(scope, "gamma", 1, inputs);
            Parameter beta = parameter(scope, "beta", 1, inputs);
            Dropout dropout = factory.make(scope, clock);
            Layer layer = new BatchNorm(ops, scope, "bn", gamma, beta, activation, dropout, capacity);
            return new GradientCheck.Subject(layer, List.of(gamma, beta));
        });
    }

    @ParameterizedTest(name = "{0}, dropout {1}, batch norm {2}")
    @CsvSource({
        "TANH, 0, false",
        "TANH, 0, true",
        "TANH, 0.3, false",
        "TANH, 0.3, true",
        "SIGMOID, 0.3, true",
        "RELU, 0.3, true",
        "RELU, 0, false",
        "IDENTITY, 0, true",
        "LEAKY_RELU, 0.3, false",
        "LEAKY_RELU, 0, true",
        "GELU, 0, false",
        "GELU, 0.3, true",
        "SILU, 0.3, false",
        "SILU, 0, true"
    })
    void wholeNetwork(ActivationFunction activation, float dropout, boolean batchNorm) {
        for (boolean perBatch : new boolean[] {false, true}) {
            NetworkSpec spec = GradientCheck.spec(activation, dropout, perBatch, batchNorm);
            assertSmall(GradientCheck.network(spec, 1, Float64Kernels::new));
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {1, 30})
    void lossWithSaturatedLogits(float scale) {
        NetworkSpec spec = GradientCheck.spec(Activation.TANH, 0, false, false);
        assertSmall(GradientCheck.network(spec, scale, Float64Kernels::new));
    }
}
