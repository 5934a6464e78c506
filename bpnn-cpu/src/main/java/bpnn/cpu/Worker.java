package bpnn.cpu;

import org.jspecify.annotations.Nullable;

/** One daemon thread of a {@link WorkerPool}: runs its parts of each task until it is stopped. */
final class Worker {
    private final int first;
    private final int stride;
    private final Signal started = new Signal();
    private final Signal done = new Signal();
    private int rounds;

    private int parts;
    /** The current task; null ends the thread. Not volatile: the signals order the accesses. */
    private WorkerPool.@Nullable Task task;

    private @Nullable Throwable failure;

    /** Starts the thread, which runs parts {@code first}, {@code first + stride}, … */
    Worker(int first, int stride) {
        this.first = first;
        this.stride = stride;
        Thread thread = new Thread(this::work, "bpnn-cpu-" + first);
        thread.setDaemon(true);
        thread.start();
    }

    /** Starts the worker on its share of {@code parts} parts; a null task ends the thread. */
    void start(int parts, WorkerPool.@Nullable Task task) {
        this.parts = parts;
        this.task = task;
        rounds++;
        started.advance();
    }

    /** Waits for the worker to finish and returns its failure, if any. */
    @Nullable
    Throwable await() {
        done.await(rounds);
        task = null;
        return failure;
    }

    private void work() {
        boolean running = true;
        for (int round = 1; running; round++) {
            started.await(round);
            WorkerPool.Task current = task;
            if (current == null) {
                running = false;
            } else {
                failure = WorkerPool.runParts(current, first, parts, stride);
            }
            done.advance();
        }
    }
}
