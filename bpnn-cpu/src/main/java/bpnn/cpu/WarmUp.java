package bpnn.cpu;

import bpnn.spi.Backend;
import bpnn.spi.Numerics;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * JIT warm-up: runs training steps of a small network on a background thread while the program loads its data.
 * Uncompiled, the Vector API boxes every vector and a step takes a hundred times as long. It uses its own backend and
 * discards the results.
 */
final class WarmUp implements Runnable {
    /** System property that enables it. */
    static final String PROPERTY = "bpnn.cpu.warmUp";

    /** Enough for C2 to compile every kernel. */
    private static final int STEPS = 3000;

    private static final AtomicBoolean STARTED = new AtomicBoolean();

    private final Arithmetic arithmetic;
    private volatile boolean stopped;

    private WarmUp(Arithmetic arithmetic) {
        this.arithmetic = arithmetic;
    }

    /** Starts it if enabled and not yet started in this JVM; otherwise null. */
    static @Nullable WarmUp start(Arithmetic arithmetic) {
        if (!Boolean.getBoolean(PROPERTY) || STARTED.getAndSet(true)) {
            return null;
        }
        WarmUp warmUp = new WarmUp(arithmetic);
        Thread thread = new Thread(warmUp, "bpnn-cpu-warm-up");
        thread.setDaemon(true);
        thread.start();
        return warmUp;
    }

    /** Asks it to stop after the current step. */
    void stop() {
        stopped = true;
    }

    @Override
    public void run() {
        try (Backend backend = new CpuBackend(Numerics.EXACT, 1, arithmetic, null)) {
            WarmUpStep step = new WarmUpStep(backend);
            for (int i = 0; i < STEPS && !stopped; i++) {
                step.run();
            }
        }
    }
}
