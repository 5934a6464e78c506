package bpnn.cpu;

import bpnn.spi.Backend;
import bpnn.spi.Numerics;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Takes training steps of a small network in a thread of its own, so that the JVM compiles the kernels while the program
 * still loads its data: until they are compiled, each vector is an object, and a step takes a hundred times as long. It
 * has a backend of its own, whose results nobody sees, and ends when it is told to.
 */
final class WarmUp implements Runnable {
    /** Name of the system property that asks for it. */
    static final String PROPERTY = "bpnn.cpu.warmUp";

    /** Enough for everything to be compiled. */
    private static final int STEPS = 3000;

    private static final AtomicBoolean BEGUN = new AtomicBoolean();

    private final Arithmetic arithmetic;
    private volatile boolean stopped;

    private WarmUp(Arithmetic arithmetic) {
        this.arithmetic = arithmetic;
    }

    /** Begins if that is asked for and has not been done in this JVM; null if not. */
    static @Nullable WarmUp begin(Arithmetic arithmetic) {
        if (!Boolean.getBoolean(PROPERTY) || BEGUN.getAndSet(true)) {
            return null;
        }
        WarmUp warmUp = new WarmUp(arithmetic);
        Thread thread = new Thread(warmUp, "bpnn-cpu-warm-up");
        thread.setDaemon(true);
        thread.start();
        return warmUp;
    }

    /** Has it end soon. */
    void stop() {
        stopped = true;
    }

    @Override
    public void run() {
        try (Backend backend = new CpuBackend(Numerics.EXACT, 1, arithmetic, null)) {
            SmallStep step = new SmallStep(backend);
            for (int i = 0; i < STEPS && !stopped; i++) {
                step.run();
            }
        }
    }
}
