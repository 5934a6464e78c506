package bpnn.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import bpnn.data.Dataset;
import bpnn.random.Purpose;
import bpnn.random.RandomStream;
import bpnn.tensor.Ops;
import bpnn.tensor.Shape;
import bpnn.tensor.Tensor;
import bpnn.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RefinementsTest {
    private static final LearningRateSchedule CONSTANT = new LearningRateSchedule.Constant();

    @RegisterExtension
    private final ReferenceFixture reference = new ReferenceFixture();

    private final Ops ops = reference.ops;
    private final TensorScope scope = reference.scope;

    private Parameters parameters(float... weights) {
        Parameters parameters = new Parameters(scope, Map.of("fc1.weight", new Shape(2, weights.length / 2)));
        parameters.get("fc1.weight").value().set(weights);
        return parameters;
    }

    private static TrainingConfig config(int batch, int epochs, Optimizer optimizer, Refinements refinements) {
        return new TrainingConfig(batch, epochs, 0, true, optimizer, 1, InputScaling.unit(), refinements);
    }

    private Network network() {
        Network network = new Network(ops, scope, NetworkSpec.plain(36, List.of(12), 10), 20, 1);
        network.initialise(Initialiser.XAVIER, 1);
        return network;
    }

    @Test
    void adamWDecaysTheWeights() {
        float[] start = {0.5f, -1, 2, 0};
        float[] gradient = {0.1f, -0.2f, 0.3f, 0.4f};
        AdamW rule = new AdamW(Adam.withRate(0.01f), 0.1f);
        Parameters parameters = parameters(start);
        List<Tensor> state = List.of(
                scope.zeros(1, parameters.values().cols()),
                scope.zeros(1, parameters.values().cols()));
        Tensor rates = scope.zeros(1, rule.rateCount());
        double[] w = {0.5, -1, 2, 0};
        double[] m = new double[4];
        double[] v = new double[4];
        for (int step = 1; step <= 5; step++) {
            parameters.get("fc1.weight").gradient().set(gradient);
            rates.set(rule.rates(step));
            rule.update(ops, parameters, state, rates);
            for (int i = 0; i < 4; i++) {
                w[i] *= 1 - 0.01 * 0.1;
                m[i] = 0.9 * m[i] + 0.1 * gradient[i];
                v[i] = 0.999 * v[i] + 0.001 * gradient[i] * gradient[i];
                double corrected = Math.sqrt(v[i] / (1 - Math.pow(0.999, step))) + 1e-8;
                w[i] -= 0.01 * m[i] / (1 - Math.pow(0.9, step)) / corrected;
            }
        }
        float[] trained = parameters.get("fc1.weight").value().toArray();
        for (int i = 0; i < 4; i++) {
            assertThat((double) trained[i]).as("weight %d", i).isCloseTo(w[i], within(1e-6));
        }
    }

    @Test
    void onlyGradientsAboveTheLimitAreClipped() {
        Parameters parameters = parameters(0, 0, 0, 0);
        Tensor gradient = parameters.get("fc1.weight").gradient();
        NormConstraints limits = new NormConstraints(ops, scope, parameters, new Refinements(CONSTANT, 0, 2, 0, 0, 0));
        gradient.set(new float[] {3, 0, -4, 0});
        limits.beforeUpdate();
        assertThat(gradient.toArray()).containsExactly(new float[] {1.2f, 0, -1.6f, 0}, within(1e-6f));
        float[] small = {0.3f, 0.1f, -0.4f, 0.7f};
        gradient.set(small);
        limits.beforeUpdate();
        assertThat(gradient.toArray()).containsExactly(small);
        gradient.set(new float[4]);
        limits.beforeUpdate();
        assertThat(gradient.toArray()).containsExactly(new float[4]);
    }

    /** As in PyTorch: limit / (norm + 1e-6). */
    @Test
    void clippingAddsEpsilonToTheNorm() {
        Parameters parameters = parameters(0, 0, 0, 0);
        Tensor gradient = parameters.get("fc1.weight").gradient();
        gradient.set(new float[] {3e-6f, 0, -4e-6f, 0});
        new NormConstraints(ops, scope, parameters, new Refinements(CONSTANT, 0, 1e-6f, 0, 0, 0)).beforeUpdate();
        assertThat(gradient.toArray()).containsExactly(new float[] {5e-7f, 0, -4e-6f / 6, 0}, within(1e-12f));
    }

    @Test
    void maxNormAppliesPerUnit() {
        Parameters parameters = parameters(3, 0.5f, -4, 0.25f);
        NormConstraints limits =
                new NormConstraints(ops, scope, parameters, new Refinements(CONSTANT, 0, 0, 0, 2.5f, 0));
        limits.afterUpdate();
        assertThat(parameters.get("fc1.weight").value().toArray())
                .containsExactly(new float[] {1.5f, 0.5f, -2, 0.25f}, within(1e-6f));
    }

    @Test
    void l2AddsTheWeightsToTheGradient() {
        Parameters parameters = parameters(1, 2, -3, 4);
        parameters.get("fc1.weight").gradient().set(new float[] {1, 1, 1, 1});
        new NormConstraints(ops, scope, parameters, new Refinements(CONSTANT, 0, 0, 0.5f, 0, 0)).beforeUpdate();
        assertThat(parameters.get("fc1.weight").gradient().toArray()).containsExactly(1.5f, 2, -0.5f, 3);
    }

    @Test
    void labelSmoothing() {
        Dataset images = TrainerTest.noise(20, 6);
        DeviceData data = DeviceData.copyOf(images, scope);
        Network network = network();
        float[][] probabilities = new Evaluator(ops, scope, network, InputScaling.unit()).probabilities(images);
        double expected = 0;
        for (int i = 0; i < 20; i++) {
            double all = 0;
            for (float probability : probabilities[i]) {
                all -= Math.log(probability) / 10;
            }
            expected += (0.8 * -Math.log(probabilities[i][images.label(i)]) + 0.2 * all) / 20;
        }
        Refinements smoothing = new Refinements(CONSTANT, 0.2f, 0, 0, 0, 0);
        TrainingResult result = new Trainer(ops, scope, network, config(20, 1, new Sgd(0.1f), smoothing), data, null)
                .run(new TrainingListener() {});
        assertThat(result.epochs().get(0).trainLoss()).isCloseTo(expected, within(1e-5));
    }

    @Test
    void schedulesFollowTheirFormulas() {
        LearningRateSchedule steps = new LearningRateSchedule.Steps(2, 0.1);
        assertThat(steps.factor(20, 10, 60)).isEqualTo(1);
        assertThat(steps.factor(21, 10, 60)).isCloseTo(0.1, within(1e-15));
        assertThat(steps.factor(41, 10, 60)).isCloseTo(0.01, within(1e-15));
        LearningRateSchedule cosine = new LearningRateSchedule.Cosine();
        assertThat(cosine.factor(1, 10, 60)).isEqualTo(1);
        assertThat(cosine.factor(31, 10, 60)).isCloseTo(0.5, within(1e-15));
        assertThat(cosine.factor(60, 10, 60)).isBetween(0.0, 0.001);
        LearningRateSchedule cycle = new LearningRateSchedule.OneCycle(3, 0.25);
        assertThat(cycle.factor(1, 10, 80)).isEqualTo(1);
        assertThat(cycle.factor(11, 10, 80)).isEqualTo(2);
        assertThat(cycle.factor(21, 10, 80)).isEqualTo(3);
        assertThat(cycle.factor(51, 10, 80)).isCloseTo(1.5, within(1e-15));
        assertThat(cycle.factor(80, 10, 80)).isBetween(0.0, 0.01);
        LearningRateSchedule warm = new LearningRateSchedule.WarmUp(4, cosine);
        assertThat(warm.factor(1, 10, 60)).isEqualTo(0.25);
        assertThat(warm.factor(3, 10, 60)).isEqualTo(0.75);
        assertThat(warm.factor(31, 10, 60)).isCloseTo(0.5, within(1e-15));
        LearningRateSchedule sweep = new LearningRateSchedule.Sweep(1e4);
        assertThat(sweep.factor(1, 10, 5)).isEqualTo(1);
        assertThat(sweep.factor(3, 10, 5)).isCloseTo(100, within(1e-9));
        assertThat(sweep.factor(5, 10, 5)).isCloseTo(1e4, within(1e-7));
    }

    @Test
    void theScheduleAppliesToEachStep() {
        DeviceData data = DeviceData.copyOf(TrainerTest.noise(20, 6), scope);
        Network still = network();
        Map<String, StateTensor> before = still.state();
        Refinements vanishing = new Refinements(new LearningRateSchedule.Steps(1, 1e-30), 0, 0, 0, 0, 0);
        new Trainer(ops, scope, still, config(20, 3, new Sgd(0.1f), vanishing), data, null)
                .run(new TrainingListener() {});
        Network once = network();
        new Trainer(ops, scope, once, config(20, 1, new Sgd(0.1f), Refinements.NONE), data, null)
                .run(new TrainingListener() {});
        assertThat(still.state().get("fc1.weight").values())
                .isNotEqualTo(before.get("fc1.weight").values())
                .containsExactly(once.state().get("fc1.weight").values());
    }

    /** Validation images with contradicting labels, so that their loss soon increases. */
    private DeviceData contradiction() {
        Dataset images = TrainerTest.noise(20, 6);
        int[] labels = images.labels().clone();
        for (int i = 0; i < labels.length; i++) {
            labels[i] = (labels[i] + 1) % 10;
        }
        return DeviceData.copyOf(new Dataset("wrong", images.format(), images.pixels(), labels), scope);
    }

    @Test
    void earlyStoppingRestoresTheBestWeights() {
        DeviceData data = DeviceData.copyOf(TrainerTest.noise(20, 6), scope);
        DeviceData validation = contradiction();
        Refinements patient = new Refinements(CONSTANT, 0, 0, 0, 0, 3);
        Network network = network();
        Trainer trainer = new Trainer(ops, scope, network, config(20, 100, new Sgd(0.5f), patient), data, validation);
        List<Map<String, StateTensor>> weights = new ArrayList<>();
        TrainingState[] beforeTheEnd = new TrainingState[1];
        TrainingResult result = trainer.run(new TrainingListener() {
            @Override
            public void onEpoch(EpochResult epoch) {
                weights.add(network.state());
                beforeTheEnd[0] = trainer.state();
            }
        });
        int kept = result.keptEpoch();
        assertThat(result.epochs()).hasSize(kept + 3).hasSizeLessThan(100);
        double best = loss(result, kept);
        for (int epoch = 1; epoch <= result.epochs().size(); epoch++) {
            assertThat(loss(result, epoch)).isGreaterThanOrEqualTo(best);
        }
        assertThat(network.state().get("fc1.weight").values())
                .containsExactly(weights.get(kept - 1).get("fc1.weight").values());

        Network resumed = network();
        Trainer again = new Trainer(ops, scope, resumed, config(20, 100, new Sgd(0.5f), patient), data, validation);
        again.resume(beforeTheEnd[0]);
        TrainingResult end = again.run(new TrainingListener() {});
        assertThat(end.keptEpoch()).isEqualTo(kept);
        assertThat(end.epochs()).hasSize(kept + 3);
        assertThat(resumed.state().get("fc2.weight").values())
                .containsExactly(network.state().get("fc2.weight").values());
    }

    private static double loss(TrainingResult result, int epoch) {
        Evaluation validation = result.epochs().get(epoch - 1).validation();
        assertThat(validation).isNotNull();
        return validation.loss();
    }

    @Test
    void invalidValuesAreRejected() {
        DeviceData data = DeviceData.copyOf(TrainerTest.noise(20, 6), scope);
        Refinements patient = new Refinements(CONSTANT, 0, 0, 0, 0, 3);
        assertThatThrownBy(() -> new Trainer(ops, scope, network(), config(20, 1, new Sgd(0.5f), patient), data, null))
                .hasMessageContaining("Early stopping needs images to validate on");
        assertThatThrownBy(() -> new Refinements(CONSTANT, 1, 0, 0, 0, 0)).hasMessageContaining("label smoothing");
        assertThatThrownBy(() -> new Refinements(CONSTANT, 0, Float.NaN, 0, 0, 0))
                .hasMessageContaining("gradients");
        assertThatThrownBy(() -> new Refinements(CONSTANT, 0, 0, -1, 0, 0)).hasMessageContaining("weight decay");
        assertThatThrownBy(() -> new AdamW(Adam.withRate(1), -1)).hasMessageContaining("weight decay");
        assertThatThrownBy(() -> new LearningRateSchedule.OneCycle(0.5, 0.25)).hasMessageContaining("at least 1");
        assertThatThrownBy(() -> new LearningRateSchedule.OneCycle(2, 1)).hasMessageContaining("in (0, 1)");
        assertThatThrownBy(() -> new LearningRateSchedule.Steps(0, 1)).hasMessageContaining("at least 1 epoch");
    }

    @Test
    void maxNormLimitsEveryUnit() {
        RandomStream random = new RandomStream(4, Purpose.WEIGHTS, 0, 0);
        float[] weights = new float[64];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = random.nextFloat(-3, 3);
        }
        Parameters parameters = parameters(weights);
        new NormConstraints(ops, scope, parameters, new Refinements(CONSTANT, 0, 0, 0, 1, 0)).afterUpdate();
        float[] limited = parameters.get("fc1.weight").value().toArray();
        for (int unit = 0; unit < 32; unit++) {
            double before = Math.hypot(weights[unit], weights[32 + unit]);
            double norm = Math.hypot(limited[unit], limited[32 + unit]);
            assertThat(norm).as("unit %d", unit).isCloseTo(Math.min(before, 1), within(1e-6));
        }
    }
}
