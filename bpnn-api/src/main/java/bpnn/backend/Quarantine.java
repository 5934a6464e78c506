package bpnn.backend;

import bpnn.spi.FloatingPoint;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/**
 * Runs foreign code in a thread of its own. A native library that switches to flush-to-zero does so for the thread that
 * loads it and for those that this one starts; the damage ends with the thread.
 *
 * @param value what came out
 * @param keepsSubnormals whether the thread still kept subnormals when it was done
 */
public record Quarantine<T>(T value, boolean keepsSubnormals) {

    /** Works, and passes on what is thrown. */
    public static <T> Quarantine<T> run(String name, Supplier<T> work) {
        FutureTask<Quarantine<T>> task =
                new FutureTask<>(() -> new Quarantine<>(work.get(), FloatingPoint.keepsSubnormals()));
        new Thread(task, name).start();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    // The work decides when it ends; the wish to interrupt is kept for whoever asks next.
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            throw rethrown(e.getCause() == null ? e : e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static RuntimeException rethrown(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return thrown instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(thrown);
    }
}
