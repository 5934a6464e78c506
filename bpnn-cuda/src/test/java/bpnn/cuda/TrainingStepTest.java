package bpnn.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.cpu.CpuBackendProvider;
import bpnn.nn.ActivationFunction;
import bpnn.nn.Adam;
import bpnn.nn.AdamW;
import bpnn.nn.DecoupledDecay;
import bpnn.nn.DropoutRates;
import bpnn.nn.LearningRateSchedule;
import bpnn.nn.Momentum;
import bpnn.nn.Nesterov;
import bpnn.nn.NetworkSpec;
import bpnn.nn.Optimizer;
import bpnn.nn.Refinements;
import bpnn.nn.RmsProp;
import bpnn.nn.Sgd;
import bpnn.nn.StateTensor;
import bpnn.nn.WeightAveraging;
import bpnn.spi.Activation;
import bpnn.spi.Backend;
import bpnn.spi.BackendConfig;
import bpnn.spi.Distortion;
import bpnn.spi.Numerics;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Fused steps of all kinds of networks give the weights of the CPU backend: in exact mode bit for bit. */
@Tag("once")
class TrainingStepTest {
    private static final int STEPS = 5;

    @AfterEach
    void noResourceLeaks() {
        StandInFixture.assertNoLeaks();
    }

    private static Arguments training(
            String name,
            int inputs,
            List<Integer> hidden,
            int classes,
            int batch,
            Optimizer optimizer,
            Object... more) {
        ActivationFunction activation = ActivationFunction.TANH;
        DropoutRates dropout = DropoutRates.NONE;
        boolean perBatch = false;
        boolean batchNorm = false;
        Refinements refinements = Refinements.NONE;
        for (Object option : more) {
            if (option instanceof Activation a) {
                activation = ActivationFunction.of(a);
            } else if (option instanceof ActivationFunction f) {
                activation = f;
            } else if (option instanceof Float d) {
                dropout = DropoutRates.of(Math.abs(d));
                perBatch = d < 0;
            } else if (option instanceof DropoutRates rates) {
                dropout = rates;
            } else if (option instanceof Boolean b) {
                batchNorm = b;
            } else if (option instanceof Refinements r) {
                refinements = r;
            }
        }
        NetworkSpec spec = new NetworkSpec(inputs, hidden, classes, activation, dropout, perBatch, batchNorm);
        int images = 3 * batch + batch / 2;
        return Arguments.of(
                name, new SmallTraining(spec, SmallTraining.config(batch, 2, STEPS, optimizer, refinements), images));
    }

    static Stream<Arguments> trainings() {
        Optimizer adam = Adam.withRate(1e-2f);
        Refinements limits = new Refinements(new LearningRateSchedule.Constant(), 0.1f, 0.5f, 1e-3f, 1.5f, 0);
        Refinements plain = Refinements.NONE;
        Refinements distorted = plain.with(new Distortion(1, 15, 0.1f, 0.1f, 10, 2));
        return Stream.of(
                training("a tiny one", 9, List.of(3), 2, 1, adam),
                training("no side a multiple of four", 25, List.of(7, 13), 3, 5, new Sgd(0.1f), Activation.RELU),
                training("images of MNIST's size", 784, List.of(40), 10, 20, adam, 0.3f),
                training("no hidden layer", 20, List.of(), 10, 17, new Momentum(0.1f, 0.9f)),
                training("no hidden layer, many classes", 20, List.of(), 40, 17, adam),
                training("mask per batch", 36, List.of(40, 33, 70), 7, 33, adam, Activation.SIGMOID, -0.4f),
                training("mask per example, odd columns", 36, List.of(33, 35), 7, 30, adam, 0.3f),
                training("more classes than a warp", 36, List.of(48, 40), 33, 64, adam, 0.3f),
                training("as many classes as a warp", 36, List.of(48, 40), 32, 64, adam, true),
                training("deep last layer", 20, List.of(600), 10, 33, adam, 0.3f),
                training("deep last layer, as many classes as a warp", 20, List.of(300), 32, 20, adam, true),
                training("batch normalisation, odd", 30, List.of(33, 21), 5, 70, adam, true, 0.2f, Activation.RELU),
                training("rows in several portions", 24, List.of(40, 36), 10, 300, adam, 0.3f),
                training("rows in several portions, normalised", 24, List.of(40, 36), 10, 300, adam, true, 0.3f),
                training("large batch", 24, List.of(40, 36), 10, 1100, adam, 0.3f),
                training("large batch, normalised", 24, List.of(40, 36), 10, 1100, adam, true, 0.3f),
                training("large batch, normalised, mask per batch", 24, List.of(45), 10, 600, adam, true, -0.3f),
                training("as deep as no launch takes", 16, Collections.nCopies(11, 12), 4, 20, adam),
                training("decoupled decay", 16, List.of(24, 20), 4, 20, new AdamW((Adam) adam, 0.1f)),
                training("leaky ReLU", 16, List.of(24, 20), 4, 20, adam, ActivationFunction.LEAKY_RELU, 0.3f),
                training("GELU", 16, List.of(24, 20), 4, 20, adam, ActivationFunction.GELU, true),
                training("SiLU", 16, List.of(24, 20), 4, 20, adam, ActivationFunction.SILU, true, 0.3f),
                training("nesterov", 16, List.of(24, 20), 4, 20, new Nesterov(0.1f, 0.9f)),
                training(
                        "rmsprop, decay of weights alone",
                        16,
                        List.of(24, 20),
                        4,
                        20,
                        new DecoupledDecay(RmsProp.withRate(1e-2f), 0.1f),
                        true),
                training(
                        "rates of dropout",
                        36,
                        List.of(24, 20, 16),
                        4,
                        20,
                        adam,
                        new DropoutRates(0.2f, List.of(0.1f, 0f, 0.5f))),
                training("distorted images", 36, List.of(24, 20), 4, 20, adam, 0.3f, distorted),
                training(
                        "distorted images, average of the steps",
                        64,
                        List.of(24),
                        4,
                        20,
                        adam,
                        true,
                        distorted.with(new WeightAveraging.Exponential(0.7f))),
                training(
                        "average of the epochs",
                        36,
                        List.of(24),
                        4,
                        20,
                        adam,
                        true,
                        plain.with(new WeightAveraging.Stochastic(1))),
                training("limits of norms, label smoothing", 16, List.of(24, 20), 4, 20, adam, limits));
    }

    private static Map<String, StateTensor> weightsOfTheCpu(SmallTraining training) {
        try (Backend cpu = new CpuBackendProvider().open(BackendConfig.defaults())) {
            return training.weights(cpu);
        }
    }

    /**
     * In fast mode, lanes of a warp that have no class sum parts of the last layer's depth, of which up to 512 rows of
     * weights are in shared memory at once.
     */
    @ParameterizedTest
    @CsvSource({"2, 70", "3, 70", "7, 70", "10, 70", "10, 600", "16, 70", "17, 500", "32, 70", "32, 300", "33, 70"})
    void fastStepsAgreeWithTheCpu(int classes, int depth) {
        NetworkSpec spec = new NetworkSpec(
                25, List.of(45, depth), classes, ActivationFunction.TANH, DropoutRates.NONE, false, false);
        SmallTraining training =
                new SmallTraining(spec, SmallTraining.config(20, 2, STEPS, new Sgd(0.1f), Refinements.NONE), 70);
        Map<String, StateTensor> expected = weightsOfTheCpu(training);
        try (Backend cuda = StandInFixture.open(Numerics.FAST)) {
            training.weights(cuda)
                    .forEach((name, tensor) -> assertThat(tensor.values())
                            .as(name)
                            .containsExactly(expected.get(name).values(), Offset.offset(1e-6f)));
        }
    }

    /** Fused kernels of all kinds, in float32 only. Where a gradient is nearly 0, its sign may decide over a whole step. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("trainings")
    void fastWeightsAreNearlyThoseOfTheCpu(String name, SmallTraining training) {
        Map<String, StateTensor> expected = weightsOfTheCpu(training);
        int count = 0;
        int apart = 0;
        try (Backend cuda = StandInFixture.open(Numerics.FAST)) {
            for (Map.Entry<String, StateTensor> entry : training.weights(cuda).entrySet()) {
                float[] found = entry.getValue().values();
                float[] wanted = expected.get(entry.getKey()).values();
                for (int i = 0; i < found.length; i++) {
                    count++;
                    apart += Math.abs(found[i] - wanted[i]) <= 1e-4f * Math.max(1, Math.abs(wanted[i])) ? 0 : 1;
                }
            }
        }
        assertThat(apart).isLessThanOrEqualTo(count / 100);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("trainings")
    void weightsHaveTheBitsOfTheCpu(String name, SmallTraining training) {
        String expected;
        try (Backend cpu = new CpuBackendProvider().open(BackendConfig.defaults())) {
            expected = training.run(cpu);
        }
        try (Backend cuda = StandInFixture.open(Numerics.EXACT)) {
            assertThat(training.run(cuda)).isEqualTo(expected);
        }
    }
}
