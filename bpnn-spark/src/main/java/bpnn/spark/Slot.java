package bpnn.spark;

import bpnn.lab.work.WorkHandler;
import bpnn.lab.work.WorkItem;
import bpnn.lab.work.WorkOutcome;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A handler with the one thread that it is used in; Spark's own threads come and go. */
final class Slot implements AutoCloseable {
    private static final long POLL_MILLIS = 100;

    private final Supplier<WorkHandler> opening;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(work -> {
        Thread worker = new Thread(work, "run");
        worker.setDaemon(true);
        return worker;
    });
    private volatile @Nullable WorkHandler handler;

    Slot(Supplier<WorkHandler> opening) {
        this.opening = opening;
    }

    /**
     * Carries an item out.
     *
     * @param cancelled whether the result is no longer wanted
     * @return empty if it is not
     */
    Optional<WorkOutcome> carryOut(WorkItem item, Path folder, BooleanSupplier cancelled) {
        Future<Optional<WorkOutcome>> result = thread.submit(() -> open().carryOut(item, folder));
        while (true) {
            try {
                return result.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException stillBusy) {
                if (cancelled.getAsBoolean()) {
                    stop();
                }
            } catch (InterruptedException e) {
                stop();
                Thread.currentThread().interrupt();
                return Optional.empty();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RuntimeException fault) {
                    throw fault;
                }
                if (e.getCause() instanceof Error fault) {
                    throw fault;
                }
                throw new IllegalStateException("A run failed", e.getCause());
            }
        }
    }

    private WorkHandler open() {
        WorkHandler found = handler;
        if (found == null) {
            found = opening.get();
            handler = found;
        }
        return found;
    }

    private void stop() {
        WorkHandler busy = handler;
        if (busy != null) {
            busy.requestStop();
        }
    }

    @Override
    public void close() {
        stop();
        thread.execute(() -> {
            WorkHandler open = handler;
            if (open != null) {
                open.close();
            }
        });
        thread.shutdown();
    }
}
