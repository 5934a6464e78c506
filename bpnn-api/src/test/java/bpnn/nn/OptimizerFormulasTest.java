package bpnn.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import bpnn.tensor.Ops;
import bpnn.tensor.Shape;
import bpnn.tensor.Tensor;
import bpnn.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Steps of optimisers against PyTorch's formulas in float64. */
class OptimizerFormulasTest {
    private static final int STEPS = 6;
    private static final float[] START = {0.5f, -1, 2, 0};
    private static final float[] GRADIENT = {0.1f, -0.2f, 0.3f, 0.4f};

    @RegisterExtension
    private final ReferenceFixture reference = new ReferenceFixture();

    private final Ops ops = reference.ops;
    private final TensorScope scope = reference.scope;

    private Parameters parameters(String name) {
        Parameters parameters = new Parameters(scope, Map.of(name, new Shape(2, 2)));
        parameters.get(name).value().set(START);
        return parameters;
    }

    /** The gradient of a step: not the same each time. */
    private static float gradient(int step, int i) {
        return GRADIENT[i] * (step % 3 - 0.5f);
    }

    private float[] trained(Optimizer rule, String name) {
        Parameters parameters = parameters(name);
        List<Tensor> state = new ArrayList<>();
        rule.slots()
                .forEach(slot -> state.add(scope.zeros(1, parameters.values().cols())));
        Tensor rates = scope.zeros(1, rule.rateCount());
        for (int step = 1; step <= STEPS; step++) {
            float[] gradients = new float[START.length];
            for (int i = 0; i < gradients.length; i++) {
                gradients[i] = gradient(step, i);
            }
            parameters.get(name).gradient().set(gradients);
            rates.set(rule.rates(step));
            rule.update(ops, parameters, state, rates);
            assertThat(parameters.get(name).gradient().toArray()).containsExactly(gradients);
        }
        return parameters.get(name).value().toArray();
    }

    private static void assertClose(float[] found, double[] expected) {
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) found[i]).as("weight %d", i).isCloseTo(expected[i], within(1e-6));
        }
    }

    @Test
    void nesterovLooksAhead() {
        double[] w = {0.5, -1, 2, 0};
        double[] v = new double[4];
        for (int step = 1; step <= STEPS; step++) {
            for (int i = 0; i < 4; i++) {
                v[i] = 0.9 * v[i] + gradient(step, i);
                w[i] -= 0.05 * (gradient(step, i) + 0.9 * v[i]);
            }
        }
        assertClose(trained(new Nesterov(0.05f, 0.9f), "fc1.weight"), w);
    }

    @Test
    void rmsPropDividesByTheRoot() {
        double[] w = {0.5, -1, 2, 0};
        double[] v = new double[4];
        for (int step = 1; step <= STEPS; step++) {
            for (int i = 0; i < 4; i++) {
                v[i] = 0.99 * v[i] + 0.01 * gradient(step, i) * gradient(step, i);
                w[i] -= 0.01 * gradient(step, i) / (Math.sqrt(v[i]) + 1e-8);
            }
        }
        assertClose(trained(RmsProp.withRate(0.01f), "fc1.weight"), w);
    }

    @Test
    void decoupledDecayLeavesBiasesAndBatchNormAlone() {
        Optimizer plain = new Momentum(0.05f, 0.9f);
        Optimizer decaying = new DecoupledDecay(plain, 0.1f);
        double[] w = {0.5, -1, 2, 0};
        double[] v = new double[4];
        for (int step = 1; step <= STEPS; step++) {
            for (int i = 0; i < 4; i++) {
                v[i] = 0.9 * v[i] + gradient(step, i);
                w[i] = w[i] * (1 - 0.05 * 0.1) - 0.05 * v[i];
            }
        }
        assertClose(trained(decaying, "fc2.weight"), w);
        for (String name : List.of("fc2.bias", "bn1.weight", "bn1.bias")) {
            assertThat(trained(decaying, name)).containsExactly(trained(plain, name));
        }
        assertThat(decaying.slots()).isEqualTo(plain.slots());
        assertThat(decaying.learningRate()).isEqualTo(0.05f);
    }
}
