package bpnn.lab.comparison;

import bpnn.nn.TrainingListener;
import bpnn.spi.Backend;
import java.lang.reflect.Method;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Measures the steps of a short training on {@link #backend()}: a third of them to warm up, a third undisturbed, a third
 * kernel by kernel.
 */
final class StepStopwatch implements TrainingListener {
    private final Backend inner;
    private final Backend backend;
    private final long part;
    private final Map<StepPhase, Long> nanos = new EnumMap<>(StepPhase.class);
    private StepPhase phase = StepPhase.DATA;
    private boolean timing;
    private long plainStart;
    private long plainNanos;
    private long timedSteps;

    /** @param steps of the training, at least 3 */
    StepStopwatch(Backend inner, long steps) {
        this.inner = inner;
        this.part = steps / 3;
        this.backend = InterceptedBackend.of(inner, this::kernel);
    }

    /** The backend to train on. */
    Backend backend() {
        return backend;
    }

    /** What was measured. */
    StepTimes times() {
        Map<StepPhase, Double> phases = new EnumMap<>(StepPhase.class);
        for (StepPhase each : StepPhase.values()) {
            phases.put(each, nanos.getOrDefault(each, 0L) * 1e-9 / timedSteps);
        }
        return new StepTimes(plainNanos * 1e-9 / part, phases, part);
    }

    private @Nullable Object kernel(Method method, Object @Nullable [] arguments, InterceptedBackend.Call original)
            throws Throwable {
        if (!timing) {
            return original.carryOut();
        }
        StepPhase begun = KernelPhases.of(method.getName());
        phase = begun == null ? phase : begun;
        long start = System.nanoTime();
        Object result = original.carryOut();
        inner.synchronize();
        nanos.merge(phase, System.nanoTime() - start, Long::sum);
        return result;
    }

    @Override
    public boolean observes(long step) {
        return step == part + 1 || step > 2 * part;
    }

    @Override
    public void beforeStep(long step) {
        inner.synchronize();
        if (step == part + 1) {
            plainStart = System.nanoTime();
        } else if (step == 2 * part + 1) {
            plainNanos = System.nanoTime() - plainStart;
        }
        timing = step > 2 * part;
    }

    @Override
    public void afterStep(long step) {
        timedSteps += timing ? 1 : 0;
        timing = false;
    }
}
