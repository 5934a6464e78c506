package bpnn.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.cpu.CpuBackendProvider;
import bpnn.nn.Adam;
import bpnn.nn.NetworkSpec;
import bpnn.nn.Refinements;
import bpnn.nn.TrainingConfig;
import bpnn.nn.TrainingListener;
import bpnn.nn.WeightAveraging;
import bpnn.spi.Activation;
import bpnn.spi.Backend;
import bpnn.spi.BackendConfig;
import bpnn.spi.Distortion;
import bpnn.spi.Numerics;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Training of the benchmark network on the stand-in. */
@Tag("once")
class TrainingTest {
    /** Launches do not depend on the size of a network, and the stand-in emulates tensor cores slowly. */
    private static final NetworkSpec SMALL =
            new NetworkSpec(24, List.of(40, 36), 10, Activation.TANH, 0.3f, false, true);

    /** Distorted images and an average of the weights are part of the recorded step, which transfers nothing. */
    private static final Refinements DISTORTED = Refinements.NONE.with(new Distortion(1, 10, 0.1f, 0.1f, 20, 4));

    @AfterEach
    void noResourceLeaks() {
        StandInFixture.assertNoLeaks();
    }

    private static String onTheProcessor(SmallTraining training) {
        try (Backend cpu = new CpuBackendProvider().open(BackendConfig.defaults())) {
            return training.run(cpu);
        }
    }

    @Test
    void exactStepsHaveTheBitsOfTheCpu() {
        assertSameBits(new SmallTraining(0.3f, true, 2, SmallTraining.STEPS + 3));
    }

    /** Narrower layers than the benchmark's, so that the stand-in is done in seconds. */
    @Test
    void twoHundredExactStepsHaveTheBitsOfTheCpu() {
        assertSameBits(new SmallTraining(List.of(96, 72), 0.3f, true, 34, 200));
    }

    private static void assertSameBits(SmallTraining training) {
        try (Backend cuda = StandInFixture.open(Numerics.EXACT)) {
            assertThat(training.run(cuda)).isEqualTo(onTheProcessor(training));
            assertThat(cuda.liveBuffers()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"0, false", "0.3, false", "0, true", "0.3, true"})
    void lazyExecutionHasTheBitsOfTheCpu(float dropout, boolean batchNorm) {
        SmallTraining training = new SmallTraining(dropout, batchNorm, 2, SmallTraining.STEPS + 3);
        CudaBackendProvider provider = StandInFixture.lazyProvider();
        try (Backend cuda = provider.open(StandInFixture.config(Numerics.EXACT))) {
            assertThat(training.run(cuda)).isEqualTo(onTheProcessor(training));
        } finally {
            StandIn.Setting.LAZY.set(0);
        }
    }

    /**
     * Forward, one launch per hidden layer and one for the last layer with the loss; backward, one for the last layer
     * and the second hidden one, one between the hidden layers, and one for all weights. Batch normalisation adds one
     * per layer forward, and one for the first layer backward.
     */
    @ParameterizedTest
    @CsvSource({"0, false, 6", "0.3, false, 6", "0, true, 9", "0.3, true, 9"})
    void launchesPerStep(float dropout, boolean batchNorm, int launches) {
        for (Numerics numerics : Numerics.values()) {
            try (Backend cuda = StandInFixture.open(numerics)) {
                LaunchCounter watch =
                        new LaunchCounter(2, () -> StandIn.Counter.LAUNCHES.value() + StandIn.Counter.PRODUCTS.value());
                new SmallTraining(dropout, batchNorm, 1, 2).run(cuda, watch);
                assertThat(watch.after - watch.before).as("%s", numerics).isEqualTo(launches);
            }
        }
    }

    /** A launch more: the images are distorted and their labels gathered by a kernel of their own. */
    @Test
    void distortedImagesAddALaunch() {
        for (Numerics numerics : Numerics.values()) {
            try (Backend cuda = StandInFixture.open(numerics)) {
                LaunchCounter watch =
                        new LaunchCounter(2, () -> StandIn.Counter.LAUNCHES.value() + StandIn.Counter.PRODUCTS.value());
                TrainingConfig config = SmallTraining.config(8, 1, 2, Adam.withRate(1e-3f), DISTORTED);
                new SmallTraining(SMALL, config, 20).run(cuda, watch);
                assertThat(watch.after - watch.before).as("%s", numerics).isEqualTo(9 + 1);
            }
        }
    }

    static Stream<Arguments> refinements() {
        return Arrays.stream(Numerics.values())
                .flatMap(numerics -> Stream.of(
                        Arguments.of(numerics, Refinements.NONE),
                        Arguments.of(numerics, DISTORTED.with(new WeightAveraging.Exponential(0.9f)))));
    }

    /** Twenty steps of an epoch have full batches; the last has a smaller one and runs too rarely to be captured. */
    @ParameterizedTest
    @MethodSource("refinements")
    void aStepIsOneGraphLaunchWithoutAllocation(Numerics numerics, Refinements refinements) {
        int batch = 8;
        SmallTraining training = new SmallTraining(
                SMALL, SmallTraining.config(batch, 2, 0, Adam.withRate(1e-3f), refinements), 20 * batch + 3);
        try (Backend cuda = StandInFixture.open(numerics)) {
            int replayed = StandIn.Counter.GRAPH_LAUNCHES.value();
            LaunchCounter allocations = new LaunchCounter(1, StandIn.Counter.ALLOCATIONS::value);
            training.run(cuda, allocations);
            assertThat(StandIn.Counter.GRAPH_LAUNCHES.value() - replayed).isEqualTo(2 * 20 - 2);
            assertThat(StandIn.Counter.ALLOCATIONS.value()).isEqualTo(allocations.after);
        }
    }

    /** Two steps are eager, the remaining thirty of the first 32 are launched one by one, then 32 at a time. */
    @ParameterizedTest
    @MethodSource("refinements")
    void thirtyTwoStepsAreOneLaunch(Numerics numerics, Refinements refinements) {
        int batch = 8;
        SmallTraining training = new SmallTraining(
                SMALL, SmallTraining.config(batch, 1, 0, Adam.withRate(1e-3f), refinements), 128 * batch);
        try (Backend cuda = StandInFixture.open(numerics)) {
            int before = StandIn.Counter.GRAPH_LAUNCHES.value();
            String weights = training.run(cuda);
            assertThat(StandIn.Counter.GRAPH_LAUNCHES.value() - before).isEqualTo(30 + 3);
            if (numerics == Numerics.EXACT) {
                assertThat(weights).isEqualTo(onTheProcessor(training));
            }
        }
    }

    @Test
    void stepsDoNotSynchronise() {
        try (Backend cuda = StandInFixture.open(Numerics.EXACT)) {
            LaunchCounter watch = new LaunchCounter(SmallTraining.STEPS - 1, StandIn.Counter.SYNCHRONISATIONS::value);
            new SmallTraining(0.3f, true, 1, 0).run(cuda, watch);
            assertThat(watch.after).isEqualTo(watch.before);
        }
    }

    /** Reads a counter before and after a step. */
    private static final class LaunchCounter implements TrainingListener {
        private final long step;
        private final IntSupplier counter;
        private int before;
        private int after;

        LaunchCounter(long step, IntSupplier counter) {
            this.step = step;
            this.counter = counter;
        }

        @Override
        public boolean observes(long number) {
            return number == step;
        }

        @Override
        public void beforeStep(long number) {
            before = counter.getAsInt();
        }

        @Override
        public void afterStep(long number) {
            after = counter.getAsInt();
        }
    }
}
