package bpnn.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bpnn.spi.Activation;
import bpnn.spi.Backend;
import bpnn.spi.ElementType;
import bpnn.spi.Matrix;
import bpnn.spi.Numerics;
import bpnn.spi.Step;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** When a step becomes a graph and when it stays eager. */
@Tag("once")
class RecordedStepTest {
    private static final int RUNS = 6;

    @AfterEach
    void noResourceLeaks() {
        StandInFixture.assertNoLeaks();
    }

    private static Matrix matrix(Backend backend) {
        return new Matrix(backend.allocate(ElementType.FLOAT32, 10), 0, 2, 5);
    }

    private static float first(Matrix m) {
        float[] value = new float[1];
        m.buffer().download(0, value, 0, 1);
        return value[0];
    }

    private static int replays() {
        return StandIn.Counter.GRAPH_LAUNCHES.value();
    }

    /** x = x + 1, by a kernel that reads its destination. */
    private static void increment(Backend backend, Matrix x, Matrix one) {
        backend.kernels().axpby(1, one, 1, x);
    }

    @Test
    void aStepOfKernelsIsReplayedFromTheThirdRun() {
        try (Backend backend = StandInFixture.open(Numerics.EXACT)) {
            Matrix x = matrix(backend);
            Matrix one = matrix(backend);
            backend.kernels().fill(one, 1);
            int before = replays();
            Step step = backend.record(() -> increment(backend, x, one));
            for (int i = 1; i <= RUNS; i++) {
                step.run(1);
                assertThat(first(x)).isEqualTo(i);
            }
            assertThat(replays() - before).isEqualTo(RUNS - 2);
        }
    }

    @Test
    void manyStepsAreOneLaunch() {
        try (Backend backend = StandInFixture.open(Numerics.EXACT)) {
            Matrix x = matrix(backend);
            Matrix one = matrix(backend);
            backend.kernels().fill(one, 1);
            Step step = backend.record(() -> increment(backend, x, one));
            step.run(2);
            int before = replays();
            step.run(3 * RecordedStep.STEPS_PER_GRAPH + 2);
            assertThat(replays() - before).isEqualTo(3 + 2);
            assertThat(first(x)).isEqualTo(2 + 3 * RecordedStep.STEPS_PER_GRAPH + 2);
        }
    }

    /** Deferred operations must be launched before a transfer. */
    @Test
    void aTransferWaitsForPendingWork() {
        try (Backend backend = StandInFixture.open(Numerics.EXACT)) {
            Matrix x = matrix(backend);
            Matrix w = new Matrix(backend.allocate(ElementType.FLOAT32, 25), 0, 5, 5);
            Matrix y = matrix(backend);
            backend.kernels().fill(x, 1);
            backend.kernels().fill(w, 1);
            Step step = backend.record(() -> {
                backend.kernels().denseForward(x, w, null, Activation.IDENTITY, y);
                assertThat(first(y)).isEqualTo(5);
                w.buffer().upload(0, new float[] {1}, 0, 1);
            });
            step.run(RUNS);
        }
    }

    @Test
    void aStepWithTransfersIsNeverReplayed() {
        try (Backend backend = StandInFixture.open(Numerics.EXACT)) {
            Matrix x = matrix(backend);
            Matrix one = matrix(backend);
            int before = replays();
            Step step = backend.record(() -> {
                one.buffer().upload(0, new float[] {1}, 0, 1);
                increment(backend, x, one);
            });
            for (int i = 1; i <= RUNS; i++) {
                step.run(1);
                assertThat(first(x)).isEqualTo(i);
            }
            assertThat(replays()).isEqualTo(before);
        }
    }

    /** A graph contains addresses, and scratch memory moves when it grows. */
    @Test
    void aStepIsRecapturedAfterMemoryWasFreed() {
        try (Backend backend = StandInFixture.open(Numerics.EXACT)) {
            Matrix x = matrix(backend);
            Step step = backend.record(() -> {
                Matrix one = backend.kernels().scratch().matrix(0, 2, 5);
                backend.kernels().fill(one, 1);
                increment(backend, x, one);
            });
            for (int i = 1; i <= RUNS; i++) {
                backend.kernels().scratch().matrix(0, 100 * i, 5);
                step.run(1);
                assertThat(first(x)).isEqualTo(i);
            }
        }
    }

    @Test
    void aFailureDuringCaptureIsReported() {
        try (Backend backend = StandInFixture.open(Numerics.EXACT)) {
            Matrix x = matrix(backend);
            int[] runs = new int[1];
            Step step = backend.record(() -> {
                backend.kernels().fill(x, 1);
                if (++runs[0] == 3) {
                    throw new IllegalStateException("on purpose");
                }
            });
            step.run(1);
            step.run(1);
            assertThatThrownBy(() -> step.run(1)).hasMessage("on purpose");
            backend.kernels().fill(x, 2);
            assertThat(first(x)).isEqualTo(2);
        }
    }
}
