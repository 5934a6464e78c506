package bpnn.lab.work;

import bpnn.io.file.Scratch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Carries items out in this process, one or several at once. */
public final class LocalEngine implements WorkEngine {
    private final int parallel;
    private final Supplier<? extends WorkHandler> handlers;
    private final Set<WorkHandler> open = ConcurrentHashMap.newKeySet();
    private volatile boolean stopRequested;

    /**
     * @param parallel items at once
     * @param handlers opens one for each of them, in the thread that is to use it
     */
    public LocalEngine(int parallel, Supplier<? extends WorkHandler> handlers) {
        this.parallel = parallel;
        this.handlers = handlers;
    }

    @Override
    public boolean run(@Nullable Path folder, List<WorkItem> items, Consumer<WorkResult> finished) {
        if (items.isEmpty()) {
            return true;
        }
        Batch batch = new Batch(folder, items, finished);
        if (parallel == 1) {
            batch.work();
        } else {
            runTogether(batch);
        }
        return batch.isWhole();
    }

    private void runTogether(Batch batch) {
        ExecutorService workers = Executors.newFixedThreadPool(parallel, work -> new Thread(work, "run"));
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < parallel; i++) {
            all.add(workers.submit(batch::work));
        }
        workers.shutdown();
        Throwable fault = null;
        for (Future<?> each : all) {
            Throwable found = await(each);
            fault = fault == null ? found : fault;
        }
        if (fault instanceof RuntimeException exception) {
            throw exception;
        }
        if (fault instanceof Error error) {
            throw error;
        }
    }

    /** What went wrong in one thread, which ends all; null if nothing did. */
    private @Nullable Throwable await(Future<?> worker) {
        while (true) {
            try {
                worker.get();
                return null;
            } catch (ExecutionException e) {
                requestStop();
                return e.getCause();
            } catch (InterruptedException e) {
                // The threads write their files and end.
                requestStop();
            }
        }
    }

    @Override
    public void requestStop() {
        stopRequested = true;
        open.forEach(WorkHandler::requestStop);
    }

    @Override
    public void close() {
        requestStop();
    }

    /** What one call is about. */
    private final class Batch {
        private final @Nullable Path folder;
        private final Deque<WorkItem> waiting;
        private final Consumer<WorkResult> finished;
        private int left;

        Batch(@Nullable Path folder, List<WorkItem> items, Consumer<WorkResult> finished) {
            this.folder = folder;
            this.waiting = new ArrayDeque<>(items);
            this.finished = finished;
            this.left = items.size();
        }

        void work() {
            try (WorkHandler handler = handlers.get()) {
                open.add(handler);
                try {
                    for (WorkItem item = next(); item != null; item = next()) {
                        Optional<WorkOutcome> outcome = carryOut(handler, item);
                        if (outcome.isPresent()) {
                            finish(new WorkResult(item, outcome.get(), ""));
                        }
                    }
                } finally {
                    open.remove(handler);
                }
            }
        }

        private Optional<WorkOutcome> carryOut(WorkHandler handler, WorkItem item) {
            if (folder != null) {
                return handler.carryOut(item, folder.resolve(item.name()));
            }
            try (Scratch place = Scratch.folder("bpnn-")) {
                return handler.carryOut(item, place.path().resolve(item.name()));
            } catch (IOException e) {
                throw new UncheckedIOException("No temporary folder could be used", e);
            }
        }

        private synchronized @Nullable WorkItem next() {
            return stopRequested ? null : waiting.poll();
        }

        private synchronized void finish(WorkResult result) {
            left--;
            finished.accept(result);
        }

        synchronized boolean isWhole() {
            return left == 0;
        }
    }
}
