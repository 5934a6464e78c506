package bpnn.cpu;

import org.jspecify.annotations.Nullable;

/**
 * A fixed set of daemon threads that run one task in numbered parts together with the caller.
 *
 * <p>Part {@code p} always runs on thread {@code p mod threads}; thread 0 is the caller. A run allocates nothing.
 */
final class WorkerPool implements AutoCloseable {
    /** Work that is split into parts. */
    @FunctionalInterface
    interface Task {
        /** Runs part {@code part}; called once per part, on any thread. */
        void run(int part);
    }

    /** Work on an index range. */
    @FunctionalInterface
    interface RangeTask {
        /** Works on {@code from .. to - 1}; called for disjoint ranges, on any thread. */
        void run(int from, int to);
    }

    /** Grain size, the minimum number of elements per thread: for a few operations per element … */
    static final int GRAIN_CHEAP = 1 << 13;
    /** … and for some dozens of operations per element. */
    static final int GRAIN_COSTLY = 1 << 11;
    /** Ranges of elements are split at multiples of a cache line of floats, which is a multiple of every vector. */
    private static final int CACHE_LINE = 16;

    private final Worker[] workers;
    private boolean closed;

    /**
     * Starts {@code threads - 1} threads.
     *
     * @param threads number of threads, the caller included; at least 1
     */
    WorkerPool(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1, but is " + threads);
        }
        workers = new Worker[threads - 1];
        for (int i = 0; i < workers.length; i++) {
            workers[i] = new Worker(i + 1, threads);
        }
    }

    /** Number of threads, the caller included. */
    int threads() {
        return workers.length + 1;
    }

    /**
     * Runs parts {@code 0 .. parts - 1} and returns when all are done. A failure in any part is rethrown after every
     * thread has finished, with further failures suppressed. Calls from several threads are serialised; a task must not
     * call this method.
     */
    synchronized void run(int parts, Task task) {
        if (closed) {
            throw new IllegalStateException("the worker pool is closed");
        }
        int busyWorkers = Math.min(parts - 1, workers.length);
        for (int i = 0; i < busyWorkers; i++) {
            workers[i].start(parts, task);
        }
        Throwable failure = runParts(task, 0, parts, threads());
        for (int i = 0; i < busyWorkers; i++) {
            failure = merge(failure, workers[i].await());
        }
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure != null) {
            throw (RuntimeException) failure;
        }
    }

    /**
     * Runs {@code task} over {@code 0 .. size - 1}, split at multiples of {@code unit} among as many threads as get at
     * least {@code grain} each.
     */
    void parallelFor(int size, int unit, int grain, RangeTask task) {
        int parts = parts(size, grain);
        if (parts == 1) {
            task.run(0, size);
        } else {
            run(parts, part -> task.run(partStart(size, unit, part, parts), partStart(size, unit, part + 1, parts)));
        }
    }

    /** {@link #parallelFor} over elements of an array or columns of a matrix, split at cache lines. */
    void parallelForElements(int size, int grain, RangeTask task) {
        parallelFor(size, CACHE_LINE, grain, task);
    }

    /** Number of parts, at most one per thread, such that each has at least {@code grain} of {@code work}. */
    int parts(long work, long grain) {
        return (int) Math.max(1, Math.min(threads(), work / grain));
    }

    /** Start of part {@code part} of {@code parts} when {@code 0 .. size - 1} is split at multiples of {@code unit}. */
    static int partStart(int size, int unit, int part, int parts) {
        int units = (size + unit - 1) / unit;
        return (int) Math.min(size, (long) units * part / parts * unit);
    }

    /** Ends the threads. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            for (Worker worker : workers) {
                worker.start(0, null);
                worker.await();
            }
        }
    }

    /** Runs parts {@code first, first + stride, ...} of {@code parts}; a task throws nothing that is checked. */
    static @Nullable Throwable runParts(Task task, int first, int parts, int stride) {
        try {
            for (int part = first; part < parts; part += stride) {
                task.run(part);
            }
            return null;
        } catch (RuntimeException | Error failure) {
            return failure;
        }
    }

    private static @Nullable Throwable merge(@Nullable Throwable first, @Nullable Throwable next) {
        if (first == null) {
            return next;
        }
        if (next != null && next != first) {
            first.addSuppressed(next);
        }
        return first;
    }
}
