package bpnn.mnist;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Closes a network stream on which nothing has arrived for a while, so that its reader fails instead of waiting for
 * ever. The HTTP client's own time limits end with the response's headers.
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

    /** Says that something has arrived. */
    void feed() {
        alive.set(true);
    }

    /** Whether the stream was closed for want of data. */
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
            // The reader sees the end of the stream either way.
            clock.shutdown();
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
