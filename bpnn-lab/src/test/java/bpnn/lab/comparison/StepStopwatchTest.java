package bpnn.lab.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.data.Dataset;
import bpnn.lab.run.RunPlan;
import bpnn.lab.run.TrainingRun;
import bpnn.mnist.DataSplit;
import bpnn.mnist.SyntheticDigits;
import bpnn.nn.Adam;
import bpnn.nn.Initialiser;
import bpnn.nn.InputScaling;
import bpnn.nn.NetworkSpec;
import bpnn.nn.TrainingConfig;
import bpnn.nn.TrainingListener;
import bpnn.spi.Activation;
import bpnn.spi.Backend;
import bpnn.spi.Kernels;
import bpnn.spi.ReferenceBackend;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StepStopwatchTest {
    private static RunPlan plan(int steps) {
        DataSplit digits = SyntheticDigits.generate(3, 300, 50);
        Dataset train = digits.train();
        return new RunPlan(
                new NetworkSpec(train.features(), List.of(8), train.classes(), Activation.TANH, 0.25f, false, true),
                new RunPlan.Start.Drawn(Initialiser.XAVIER),
                new TrainingConfig(20, 1, steps, true, Adam.withRate(1e-3f), 1, InputScaling.unit()),
                "adam",
                "unit",
                new RunPlan.Images(train, null, digits.test(), "", ""),
                0);
    }

    private static String weights(Backend backend, RunPlan plan, TrainingListener listener) {
        try (TrainingRun run = new TrainingRun(backend, plan)) {
            run.train(listener);
            return run.model().sha256();
        }
    }

    @Test
    void everyKernelBelongsToAPartOfTheStep() {
        Set<String> known = new HashSet<>(KernelPhases.BEGINNING.keySet());
        known.addAll(KernelPhases.IN_ANY);

        assertThat(known)
                .isEqualTo(Stream.of(Kernels.class.getMethods())
                        .filter(method -> !Modifier.isStatic(method.getModifiers()))
                        .map(Method::getName)
                        .collect(Collectors.toSet()))
                .hasSize(KernelPhases.BEGINNING.size() + KernelPhases.IN_ANY.size());
    }

    @Test
    void allPartsOfAStepTakeTime() {
        RunPlan plan = plan(12);
        try (Backend backend = new ReferenceBackend()) {
            StepStopwatch stopwatch = new StepStopwatch(backend, 12);

            weights(stopwatch.backend(), plan, stopwatch);

            StepTimes times = stopwatch.times();
            assertThat(times.measured()).isEqualTo(4);
            assertThat(times.step()).isPositive();
            assertThat(StepPhase.values())
                    .allSatisfy(phase -> assertThat(times.of(phase)).isPositive());
        }
    }

    @Test
    void measuringChangesNoBit() {
        RunPlan plan = plan(10);
        try (Backend backend = new ReferenceBackend()) {
            StepStopwatch stopwatch = new StepStopwatch(backend, 10);

            assertThat(weights(stopwatch.backend(), plan, stopwatch))
                    .isEqualTo(weights(backend, plan, new TrainingListener() {}));
            assertThat(backend.liveBuffers()).isEqualTo(stopwatch.backend().liveBuffers());
        }
    }
}
