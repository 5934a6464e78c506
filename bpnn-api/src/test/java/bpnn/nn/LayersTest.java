package bpnn.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import bpnn.spi.Activation;
import bpnn.spi.Clock;
import bpnn.spi.DropoutSpec;
import bpnn.spi.ElementType;
import bpnn.tensor.Ops;
import bpnn.tensor.Shape;
import bpnn.tensor.Tensor;
import bpnn.tensor.TensorScope;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Forward passes, in training and evaluation, and backward passes of the layers match their formulas in float64. */
class LayersTest {
    private static final int BATCH = 4;
    private static final int IN = 3;
    private static final int OUT = 2;
    private static final Offset<Double> CLOSE = Offset.offset(2e-5);

    private static final float[] X = {1, -2, 0.5f, 0.25f, 1, -1, 2, 0, 1, -0.5f, -1, 1.5f};
    private static final float[] Z = {0.5f, -1, 1, 0.25f, -0.75f, 2, 0, -0.5f};
    private static final float[] DY = {1, -0.5f, 0.25f, 1, -1, 0.75f, 2, 0.5f};
    private static final float[] WEIGHT = {0.5f, -0.25f, 0.75f, 0.125f, -0.5f, 0.25f};
    private static final float[] GAMMA = {1.5f, -0.5f};
    private static final float[] BETA = {0.25f, -0.125f};

    @RegisterExtension
    private final ReferenceFixture reference = new ReferenceFixture();

    private final Ops ops = reference.ops;
    private final TensorScope scope = reference.scope;

    private Parameters parameters() {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        shapes.put("weight", new Shape(IN, OUT));
        shapes.put("bias", new Shape(1, OUT));
        shapes.put("gamma", new Shape(1, OUT));
        Parameters parameters = new Parameters(scope, shapes);
        parameters.get("weight").value().set(WEIGHT);
        parameters.get("bias").value().set(BETA);
        parameters.get("gamma").value().set(GAMMA);
        return parameters;
    }

    private Dropout dropout() {
        Tensor clock = scope.zeros(ElementType.INT32, 1, Clock.LENGTH);
        return new Dropout(scope, OUT, new DropoutSpec(3, 1, 0.4f, false), clock, BATCH);
    }

    private static double[] all(int count, IntToDoubleFunction element) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = element.applyAsDouble(i);
        }
        return values;
    }

    private static void assertClose(Tensor found, double[] expected) {
        float[] values = found.toArray();
        assertThat(values).hasSize(expected.length);
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) values[i]).as("element %d", i).isCloseTo(expected[i], CLOSE);
        }
    }

    /** x W + b. */
    private static double affine(int i) {
        double sum = BETA[i % OUT];
        for (int k = 0; k < IN; k++) {
            sum += (double) X[i / OUT * IN + k] * WEIGHT[k * OUT + i % OUT];
        }
        return sum;
    }

    /** The mask of a training pass: some elements 0, some 1 / 0.6. */
    private static double[] mask(Dropout dropout) {
        float[] mask = dropout.mask().toArray();
        assertThat(mask).contains(0, dropout.spec().scale());
        return all(mask.length, i -> mask[i]);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void denseWithActivationAndDropout(boolean dropping) {
        Parameters parameters = parameters();
        Dropout dropout = dropping ? dropout() : null;
        Parameter weight = parameters.get("weight");
        Parameter bias = parameters.get("bias");
        Dense layer = new Dense(ops, scope, "fc1", weight, bias, Activation.TANH, dropout, BATCH);
        Tensor x = scope.of(BATCH, IN, X);
        double[] y = all(BATCH * OUT, i -> Math.tanh(affine(i)));
        assertThat(layer.name()).isEqualTo("fc1");
        assertThat(layer.outputs()).isEqualTo(OUT);
        assertClose(layer.forward(x, Mode.EVALUATE), y);
        Tensor trained = layer.forward(x, Mode.TRAIN);
        double[] mask = dropout == null ? all(BATCH * OUT, i -> 1) : mask(dropout);
        assertClose(trained, all(BATCH * OUT, i -> y[i] * mask[i]));

        double[] dz = all(BATCH * OUT, i -> DY[i] * mask[i] * (1 - y[i] * y[i]));
        Tensor dx = layer.backward(scope.of(BATCH, OUT, DY), true);
        assertThat(dx).isNotNull();
        assertClose(dx, all(BATCH * IN, i -> {
            double sum = 0;
            for (int j = 0; j < OUT; j++) {
                sum += dz[i / IN * OUT + j] * WEIGHT[i % IN * OUT + j];
            }
            return sum;
        }));
        assertClose(weight.gradient(), all(IN * OUT, i -> {
            double sum = 0;
            for (int b = 0; b < BATCH; b++) {
                sum += (double) X[b * IN + i / OUT] * dz[b * OUT + i % OUT];
            }
            return sum;
        }));
        assertClose(bias.gradient(), all(OUT, j -> sum(j, i -> dz[i])));
        assertThat(layer.backward(scope.of(BATCH, OUT, DY), false)).isNull();
    }

    @Test
    void dropoutWithoutActivationMasksTheGradient() {
        Parameters parameters = parameters();
        Dropout dropout = dropout();
        Parameter bias = parameters.get("bias");
        Dense layer = new Dense(ops, scope, "fc1", parameters.get("weight"), bias, Activation.IDENTITY, dropout, BATCH);
        layer.forward(scope.of(BATCH, IN, X), Mode.TRAIN);
        double[] mask = mask(dropout);
        layer.backward(scope.of(BATCH, OUT, DY), false);
        assertClose(bias.gradient(), all(OUT, j -> sum(j, i -> DY[i] * mask[i])));
    }

    /** The sum over column {@code j}. */
    private static double sum(int j, IntToDoubleFunction element) {
        double sum = 0;
        for (int b = 0; b < BATCH; b++) {
            sum += element.applyAsDouble(b * OUT + j);
        }
        return sum;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void batchNormWithActivationAndDropout(boolean dropping) {
        Parameters parameters = parameters();
        Dropout dropout = dropping ? dropout() : null;
        Parameter gamma = parameters.get("gamma");
        Parameter beta = parameters.get("bias");
        BatchNorm layer = new BatchNorm(ops, scope, "bn1", gamma, beta, Activation.TANH, dropout, BATCH);
        layer.runningVariance().set(new float[] {1, 1});
        double[] mean = all(OUT, j -> sum(j, i -> Z[i]) / BATCH);
        double[] variance = all(OUT, j -> sum(j, i -> Math.pow(Z[i] - mean[j], 2)) / BATCH);
        double[] inverse = all(OUT, j -> 1 / Math.sqrt(variance[j] + 1e-5));
        double[] normal = all(BATCH * OUT, i -> (Z[i] - mean[i % OUT]) * inverse[i % OUT]);
        double[] y = all(BATCH * OUT, i -> Math.tanh(GAMMA[i % OUT] * normal[i] + BETA[i % OUT]));
        assertThat(layer.name()).isEqualTo("bn1");
        assertThat(layer.outputs()).isEqualTo(OUT);

        Tensor trained = layer.forward(scope.of(BATCH, OUT, Z), Mode.TRAIN);
        double[] mask = dropout == null ? all(BATCH * OUT, i -> 1) : mask(dropout);
        assertClose(trained, all(BATCH * OUT, i -> y[i] * mask[i]));
        double[] movedMean = all(OUT, j -> 0.1 * mean[j]);
        double[] movedVariance = all(OUT, j -> 0.9 + 0.1 * variance[j] * BATCH / (BATCH - 1));
        assertClose(layer.runningMean(), movedMean);
        assertClose(layer.runningVariance(), movedVariance);

        double[] dz = all(BATCH * OUT, i -> DY[i] * mask[i] * (1 - y[i] * y[i]));
        double[] dbeta = all(OUT, j -> sum(j, i -> dz[i]));
        double[] dgamma = all(OUT, j -> sum(j, i -> dz[i] * normal[i]));
        Tensor dx = layer.backward(scope.of(BATCH, OUT, DY), true);
        assertClose(beta.gradient(), dbeta);
        assertClose(gamma.gradient(), dgamma);
        assertClose(dx, all(BATCH * OUT, i -> {
            int j = i % OUT;
            return (dz[i] - dbeta[j] / BATCH - normal[i] * dgamma[j] / BATCH) * GAMMA[j] * inverse[j];
        }));

        assertClose(layer.forward(scope.of(BATCH, OUT, Z), Mode.EVALUATE), all(BATCH * OUT, i -> {
            int j = i % OUT;
            double standard = (Z[i] - movedMean[j]) / Math.sqrt(movedVariance[j] + 1e-5);
            return Math.tanh(GAMMA[j] * standard + BETA[j]);
        }));
    }

    @Test
    void initialBatchNormOnlyNormalises() {
        Parameters parameters = parameters();
        Parameter gamma = parameters.get("gamma");
        Parameter beta = parameters.get("bias");
        BatchNorm layer = new BatchNorm(ops, scope, "bn1", gamma, beta, Activation.TANH, null, BATCH);
        layer.forward(scope.of(BATCH, OUT, Z), Mode.TRAIN);
        layer.reset();
        assertThat(gamma.value().toArray()).containsExactly(1, 1);
        assertThat(beta.value().toArray()).containsExactly(0, 0);
        assertThat(layer.runningMean().toArray()).containsExactly(0, 0);
        assertThat(layer.runningVariance().toArray()).containsExactly(1, 1);
    }

    @Test
    void initialiseResetsATrainedNetwork() {
        NetworkSpec spec = new NetworkSpec(36, List.of(5), 10, Activation.TANH, 0.2f, false, true);
        Network network = new Network(ops, scope, spec, 20, 1);
        network.initialise(Initialiser.XAVIER, 7);
        Map<String, StateTensor> fresh = network.state();
        assertThat(fresh.get("bn1.weight").values()).containsOnly(1);
        assertThat(fresh.get("bn1.bias").values()).containsOnly(0);
        assertThat(fresh.get("bn1.running_mean").values()).containsOnly(0);
        assertThat(fresh.get("bn1.running_var").values()).containsOnly(1);
        DeviceData data = DeviceData.copyOf(TrainerTest.noise(20, 6), scope);
        new Trainer(
                        ops,
                        scope,
                        network,
                        new TrainingConfig(20, 2, 0, true, new Sgd(0.5f), 1, InputScaling.unit(), Refinements.NONE),
                        data,
                        null)
                .run(new TrainingListener() {});
        network.state()
                .forEach((name, tensor) -> assertThat(tensor.values())
                        .as(name)
                        .isNotEqualTo(fresh.get(name).values()));
        network.initialise(Initialiser.XAVIER, 7);
        network.state()
                .forEach((name, tensor) -> assertThat(tensor.values())
                        .as(name)
                        .containsExactly(fresh.get(name).values()));
    }

    /** A layer's rate is its own, and inputs can be dropped; in evaluation nothing is. */
    @Test
    void eachLayerDropsAtItsOwnRate() {
        DropoutRates rates = new DropoutRates(0.5f, List.of(0f, 0.9f));
        NetworkSpec spec = new NetworkSpec(100, List.of(50, 60), 3, ActivationFunction.SIGMOID, rates, false, false);
        Network network = new Network(ops, scope, spec, 20, 1);
        network.initialise(Initialiser.ZERO, 1);
        Tensor ones = scope.zeros(20, 100);
        ops.fill(ones, 1);
        // With weights that add up the inputs, the first layer shows how many were dropped.
        ops.fill(network.parameters().get("fc1.weight").value(), 0.01f);
        Tensor logits = network.forward(ones, Mode.EVALUATE);
        assertThat(logits.toArray()).containsOnly(0);
        Layer first = network.layers().get(0);
        float all = 1 / (1 + (float) Math.exp(-1));
        assertThat(first.forward(ones, Mode.EVALUATE).toArray()[0]).isCloseTo(all, within(1e-6f));
        network.parameters().get("fc3.weight").value().set(filled(180, 1));
        network.parameters().get("fc2.bias").value().set(filled(60, 50));
        float[] dropped = network.forward(ones, Mode.TRAIN).toArray();
        double mean = 0;
        for (float sum : dropped) {
            mean += sum / dropped.length;
        }
        // 60 units of 1, a tenth of them kept and multiplied by ten.
        assertThat(mean).isCloseTo(60, within(4 * 10 * Math.sqrt(60 * 0.09 / 20)));
        assertThat(dropped).doesNotContain(60);
        assertThat(ones.toArray()).containsOnly(1);
    }

    private static float[] filled(int count, float value) {
        float[] values = new float[count];
        Arrays.fill(values, value);
        return values;
    }
}
