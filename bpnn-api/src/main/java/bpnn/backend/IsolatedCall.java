package bpnn.backend;

import bpnn.spi.FloatingPoint;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/**
 * The result of running foreign code on its own thread. A native library that switches to flush-to-zero affects the
 * thread that loads it and the threads this one starts, so the change ends with the thread.
 *
 * @param value the result
 * @param keepsSubnormals whether the thread still kept subnormals at the end
 */
public record IsolatedCall<T>(T value, boolean keepsSubnormals) {

    /** Runs {@code work} and rethrows its exception. */
    public static <T> IsolatedCall<T> run(String name, Supplier<T> work) {
        FutureTask<IsolatedCall<T>> task =
                new FutureTask<>(() -> new IsolatedCall<>(work.get(), FloatingPoint.keepsSubnormals()));
        new Thread(task, name).start();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    // The work cannot be cancelled; the interrupt status is restored for the caller.
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
