package bpnn.cpu;

import org.jspecify.annotations.Nullable;

/** One daemon thread of a {@link WorkerPool}: does its share of a task whenever one is begun, until it is stopped. */
final class Worker {
    private final int first;
    private final int stride;
    private final Signal begun;
    private final Signal done;
    private int rounds;

    private int parts;
    /** What to do in this round; null: end. Plain fields: the signals order the accesses. */
    private WorkerPool.@Nullable Task task;

    private @Nullable Throwable failure;

    /**
     * Starts the thread.
     *
     * @param first its first part; the next ones follow at distance {@code stride}
     * @param spinNanos how long it, and whoever waits for it, spins before parking
     */
    Worker(int first, int stride, long spinNanos) {
        this.first = first;
        this.stride = stride;
        begun = new Signal(spinNanos);
        done = new Signal(spinNanos);
        Thread thread = new Thread(this::work, "bpnn-cpu-" + first);
        thread.setDaemon(true);
        thread.start();
    }

    /** Has the worker do its share of {@code parts} parts; null instead of a task ends the thread. */
    void begin(int parts, WorkerPool.@Nullable Task task) {
        this.parts = parts;
        this.task = task;
        rounds++;
        begun.advance();
    }

    /** Waits until the worker has done what was begun, and hands over what went wrong. */
    @Nullable
    Throwable await() {
        done.await(rounds);
        task = null;
        return failure;
    }

    private void work() {
        boolean running = true;
        for (int round = 1; running; round++) {
            begun.await(round);
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
