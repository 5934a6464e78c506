package bpnn.app.command;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Turns Ctrl-C into a request to stop: a JVM that is asked to end waits until what was learnt is written. The exit code
 * is then the signal's, 130 for Ctrl-C.
 */
public final class StopSignal {
    private static final long PATIENCE_SECONDS = 60;

    private final CountDownLatch written = new CountDownLatch(1);
    private final Runnable stop;

    private StopSignal(Runnable stop) {
        this.stop = stop;
    }

    /**
     * Works, and calls {@code stop} from another thread if the JVM is asked to end meanwhile; then {@code work} should
     * end soon.
     */
    public static <T> T during(Supplier<T> work, Runnable stop) {
        StopSignal signal = new StopSignal(stop);
        Thread hook = new Thread(signal::stopAndWait, "stop");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            return work.get();
        } finally {
            signal.written.countDown();
            if (!hook.isAlive()) {
                unregister(hook);
            }
        }
    }

    private void stopAndWait() {
        stop.run();
        try {
            if (!written.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("The run did not end within " + PATIENCE_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void unregister(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shutdownHasJustBegun) {
            // The hook runs or has run; it finds that all is written and ends at once.
        }
    }
}
