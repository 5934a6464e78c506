package bpnn.nn;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.random.Purpose;
import bpnn.random.RandomStream;
import bpnn.spi.Activation;
import bpnn.spi.Backend;
import bpnn.spi.Clock;
import bpnn.spi.DropoutSpec;
import bpnn.spi.ElementType;
import bpnn.spi.Kernels;
import bpnn.tck.oracle.Float64Backend;
import bpnn.tck.oracle.Float64Kernels;
import bpnn.tensor.Ops;
import bpnn.tensor.Tensor;
import bpnn.tensor.TensorScope;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every check passes for correct kernels and fails for the bug it is meant to detect. */
class InjectedBugsTest {
    private static final Function<Backend, Kernels> RIGHT = Float64Kernels::new;

    @ParameterizedTest(name = "{0} shows an error of at least {1}")
    @CsvSource({
        "DROPOUT_SCALED_TWICE, 0.1, 0.3, false, 1",
        "MASK_OMITTED_BACKWARD, 0.1, 0.3, false, 1",
        "ACTIVATION_GRADIENT_BEFORE_BATCH_NORM, 0.1, 0, true, 1",
        "GAMMA_GRADIENT_SUMMED_TO_A_SCALAR, 0.1, 0, true, 1",
        "STATISTICS_TREATED_AS_CONSTANTS, 0.1, 0, true, 1",
        "VARIANCE_TERM_MISSING, 0.05, 0, true, 1",
        "BATCH_MINUS_ONE_IN_BACKWARD, 0.01, 0, true, 1",
        "NOT_DIVIDED_BY_THE_BATCH, 0.5, 0, false, 1",
        "LOG_OF_PROBABILITY_PLUS_EPSILON, 0.1, 0, false, 60",
    })
    void theGradientCheckCatches(InjectedBug bug, double error, float dropout, boolean batchNorm, float logitScale) {
        NetworkSpec spec = GradientCheck.spec(Activation.TANH, dropout, false, batchNorm);
        assertThat(GradientCheck.worst(GradientCheck.network(spec, logitScale, RIGHT)))
                .isLessThan(GradientCheck.THRESHOLD);
        assertThat(GradientCheck.worst(GradientCheck.network(spec, logitScale, bug)))
                .isGreaterThan(error);
    }

    @Test
    void theStatisticsCheckCatchesBatchNormOverTheWrongAxis() {
        assertThat(featuresAreStandardised(RIGHT)).isTrue();
        assertThat(featuresAreStandardised(InjectedBug.BATCH_NORM_OVER_THE_WRONG_AXIS))
                .isFalse();
    }

    @Test
    void theMaskCheckCatchesOneMaskForTheWholeBatch() {
        assertThat(rowsHaveMasksOfTheirOwn(RIGHT)).isTrue();
        assertThat(rowsHaveMasksOfTheirOwn(InjectedBug.ONE_MASK_FOR_THE_WHOLE_BATCH))
                .isFalse();
    }

    @Test
    void theGoldenValuesCatchABiasedRunningVariance() {
        assertThat(runningStatisticsAreThoseOfPyTorch(RIGHT)).isTrue();
        assertThat(runningStatisticsAreThoseOfPyTorch(InjectedBug.RUNNING_VARIANCE_BIASED))
                .isFalse();
    }

    @Test
    void theUpdateCheckCatchesFrozenGammaAndBeta() {
        assertThat(everyParameterMoves(RIGHT)).isTrue();
        assertThat(everyParameterMoves(InjectedBug.ONLY_WEIGHTS_UPDATED)).isFalse();
    }

    @Test
    void evaluatingTwiceCatchesDropoutInEvaluation() {
        assertThat(evaluationRepeats((network, x) -> network.forward(x, Mode.EVALUATE)))
                .isTrue();
        assertThat(evaluationRepeats((network, x) -> network.forward(x, Mode.TRAIN)))
                .isFalse();
    }

    @Test
    void theParameterCountCatchesMissingBiases() {
        Backend backend = new Float64Backend();
        try (backend;
                TensorScope scope = new TensorScope(backend)) {
            Network network = new Network(new Ops(backend), scope, NetworkSpec.plain(784, List.of(512, 512), 10), 1, 1);
            List<Parameter> all = network.parameters().list();
            assertThat(all.stream().mapToInt(Parameter::size).sum()).isEqualTo(669_706);
            assertThat(all.stream()
                            .filter(p -> !p.name().endsWith(".bias"))
                            .mapToInt(Parameter::size)
                            .sum())
                    .isNotEqualTo(669_706);
        }
    }

    private static boolean featuresAreStandardised(Function<Backend, Kernels> kernels) {
        int batch = 32;
        int features = 5;
        float[] y = inScope(kernels, (ops, scope) -> {
            BatchNorm norm = batchNorm(ops, scope, features, batch);
            Tensor x = scope.zeros(batch, features);
            GradientCheck.randomise(x, new RandomStream(1, Purpose.WEIGHTS, 0, 0), 2, 9);
            return norm.forward(x, Mode.TRAIN).toArray();
        });
        for (int j = 0; j < features; j++) {
            double sum = 0;
            double squares = 0;
            for (int i = 0; i < batch; i++) {
                sum += y[i * features + j];
                squares += y[i * features + j] * y[i * features + j];
            }
            if (Math.abs(sum / batch) > 1e-5 || Math.abs(squares / batch - 1) > 1e-4) {
                return false;
            }
        }
        return true;
    }

    private static BatchNorm batchNorm(Ops ops, TensorScope scope, int features, int capacity) {
        Parameter gamma = new Parameter("gamma", scope.zeros(1, features), scope.zeros(1, features));
        Parameter beta = new Parameter("beta", scope.zeros(1, features), scope.zeros(1, features));
        BatchNorm norm = new BatchNorm(ops, scope, "bn", gamma, beta, Activation.IDENTITY, null, capacity);
        norm.reset();
        return norm;
    }

    private static boolean rowsHaveMasksOfTheirOwn(Function<Backend, Kernels> kernels) {
        int batch = 40;
        int features = 500;
        float[] mask = inScope(kernels, (ops, scope) -> {
            Tensor clock = scope.zeros(ElementType.INT32, 1, Clock.LENGTH);
            DropoutSpec spec = new DropoutSpec(9, 0, 0.3f, false);
            Dropout dropout = new Dropout(scope, features, spec, clock, batch);
            Parameter weight = new Parameter("weight", scope.zeros(1, features), scope.zeros(1, features));
            new Dense(ops, scope, "fc", weight, null, Activation.IDENTITY, dropout, batch)
                    .forward(scope.zeros(batch, 1), Mode.TRAIN);
            return dropout.mask().toArray();
        });
        double correlation = 0;
        double kept = 0;
        for (int i = 0; i < batch * features; i++) {
            double unit = mask[i] == 0 ? -0.7 : 0.3;
            double below = mask[(i + features) % mask.length] == 0 ? -0.7 : 0.3;
            correlation += unit * below / (0.7 * 0.3) / mask.length;
            kept += (unit + 0.7) / mask.length;
        }
        return Math.abs(correlation) < 0.03 && Math.abs(kept - 0.7) < 0.015;
    }

    /** One batch 1, 2, 3, 4 of one feature: torch.nn.BatchNorm1d then holds 0.25 and 0.9 + 0.1 · 5/3. */
    private static boolean runningStatisticsAreThoseOfPyTorch(Function<Backend, Kernels> kernels) {
        float[] statistics = inScope(kernels, (ops, scope) -> {
            BatchNorm norm = batchNorm(ops, scope, 1, 4);
            norm.forward(scope.of(4, 1, 1, 2, 3, 4), Mode.TRAIN);
            return new float[] {
                norm.runningMean().toArray()[0], norm.runningVariance().toArray()[0]
            };
        });
        return Math.abs(statistics[0] - 0.25) < 1e-6 && Math.abs(statistics[1] - 1.0666667) < 1e-6;
    }

    private static boolean everyParameterMoves(Function<Backend, Kernels> kernels) {
        Backend backend = new Float64Backend(kernels);
        try (backend;
                TensorScope scope = new TensorScope(backend)) {
            Ops ops = new Ops(backend);
            NetworkSpec spec = new NetworkSpec(16, List.of(6, 6), 10, Activation.TANH, 0, false, true);
            Network network = new Network(ops, scope, spec, 8, 1);
            network.initialise(Initialiser.XAVIER, 1);
            Map<String, StateTensor> before = network.state();
            TrainingConfig config = new TrainingConfig(8, 1, 0, true, new Sgd(0.1f), 1, InputScaling.unit());
            new Trainer(ops, scope, network, config, DeviceData.copyOf(TrainerTest.noise(40, 4), scope), null)
                    .run(new TrainingListener() {});
            Map<String, StateTensor> after = network.state();
            return network.parameters().list().stream()
                    .noneMatch(p -> Arrays.equals(values(before, p.name()), values(after, p.name())));
        }
    }

    private static float[] values(Map<String, StateTensor> state, String name) {
        return Objects.requireNonNull(state.get(name)).values();
    }

    private static boolean evaluationRepeats(BiFunction<Network, Tensor, Tensor> evaluate) {
        Backend backend = new Float64Backend();
        try (backend;
                TensorScope scope = new TensorScope(backend)) {
            Network network =
                    new Network(new Ops(backend), scope, GradientCheck.spec(Activation.TANH, 0.5f, false, false), 7, 1);
            network.initialise(Initialiser.XAVIER, 1);
            Tensor x = scope.zeros(7, 5);
            GradientCheck.randomise(x, new RandomStream(1, Purpose.WEIGHTS, 0, 0), -1, 1);
            float[] first = evaluate.apply(network, x).toArray();
            network.clock().set(new int[] {1, 7, 1, 1});
            return Arrays.equals(first, evaluate.apply(network, x).toArray());
        }
    }

    private static float[] inScope(
            Function<Backend, Kernels> kernels, BiFunction<Ops, TensorScope, float[]> computation) {
        Backend backend = new Float64Backend(kernels);
        try (backend;
                TensorScope scope = new TensorScope(backend)) {
            return computation.apply(new Ops(backend), scope);
        }
    }
}
