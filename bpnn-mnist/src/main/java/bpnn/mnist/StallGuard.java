package bpnn.mnist;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Closes a network stream that has been idle for too long, so that its reader fails instead of blocking forever. The
 * timeouts of the HTTP client do not cover the response body.
 */
final class StallGuard implements AutoCloseable {
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "bpnn-download-guard");
        thread.setDaemon(true);
        return thread;
    });
    private final AtomicBoolean alive = new AtomicBoolean(true);
    private final Closeable stream;
    private volatile boolean stalled;

    StallGuard(Closeable stream, Duration patience) {
        this.stream = stream;
        long period = patience.toMillis();
        var unused = clock.scheduleAtFixedRate(this::check, period, period, TimeUnit.MILLISECONDS);
    }

    /** Reports that data have arrived. */
    void feed() {
        alive.set(true);
    }

    /** Whether the stream was closed because it was idle. */
    boolean stalled() {
        return stalled;
    }

    private void check() {
        if (alive.getAndSet(false)) {
            return;
        }
        stalled = true;
        try {
            stream.close();
        } catch (IOException e) {
            // The stream ends for the reader either way.
            clock.shutdown();
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
