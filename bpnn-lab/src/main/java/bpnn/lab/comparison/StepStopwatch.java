package bpnn.lab.comparison;

import bpnn.nn.TrainingListener;
import bpnn.spi.Backend;
import bpnn.spi.Kernels;
import bpnn.spi.Step;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Measures the steps of a short training on {@link #backend()}: a third of them to warm up, a third undisturbed, a third
 * kernel by kernel. Backend and kernels are wrapped as dynamic proxies, so that no kernel, however new, falls back to its
 * definition.
 */
final class StepStopwatch implements TrainingListener {
    private final Backend inner;
    private final Kernels kernels;
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
        this.kernels = proxy(Kernels.class, this::kernel);
        this.backend = proxy(Backend.class, this::call);
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

    private static <T> T proxy(Class<T> type, Invocation invocation) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> invocation.of(method, arguments)));
    }

    /** Carries a call out. */
    private interface Invocation {
        @Nullable
        Object of(Method method, Object @Nullable [] arguments) throws Throwable;
    }

    private static @Nullable Object invoke(Object target, Method method, Object @Nullable [] arguments)
            throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    /** A recorded step would hide its kernels, so the step is eager. */
    private @Nullable Object call(Method method, Object @Nullable [] arguments) throws Throwable {
        if (method.getName().equals("kernels")) {
            return kernels;
        }
        if (method.getName().equals("record") && arguments != null) {
            return Step.eager((Runnable) arguments[0]);
        }
        return invoke(inner, method, arguments);
    }

    private @Nullable Object kernel(Method method, Object @Nullable [] arguments) throws Throwable {
        if (!timing) {
            return invoke(inner.kernels(), method, arguments);
        }
        StepPhase begun = KernelPhases.of(method.getName());
        phase = begun == null ? phase : begun;
        long start = System.nanoTime();
        Object result = invoke(inner.kernels(), method, arguments);
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
