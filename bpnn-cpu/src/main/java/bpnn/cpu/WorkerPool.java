package bpnn.cpu;

import org.jspecify.annotations.Nullable;

/**
 * A fixed set of daemon threads that run one task in numbered parts, the caller working with them.
 *
 * <p>Part {@code p} always goes to thread {@code p mod threads}, and thread 0 is the caller. Nothing is allocated by a
 * run.
 */
final class WorkerPool implements AutoCloseable {
    /** Work that can be done in parts. */
    @FunctionalInterface
    interface Task {
        /** Does part {@code part}; called once for each part, by any of the threads. */
        void run(int part);
    }

    /** Work on a range of numbers. */
    @FunctionalInterface
    interface RangeTask {
        /** Works on {@code from .. to - 1}; called for ranges that do not overlap, by any of the threads. */
        void run(int from, int to);
    }

    /** Elements that a thread must have to work on, so that waking it pays: for a handful of operations each … */
    static final int CHEAP = 1 << 13;
    /** … and for some dozens. */
    static final int COSTLY = 1 << 11;
    /** Where shares of elements are cut: at a cache line, which is a multiple of every vector. */
    private static final int LINE = 16;

    private final Worker[] workers;
    private boolean closed;

    /**
     * Starts {@code threads - 1} threads.
     *
     * @param threads how many threads work, the caller included; at least 1
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

    /** How many threads work, the caller included. */
    int threads() {
        return workers.length + 1;
    }

    /**
     * Runs parts {@code 0 .. parts - 1} and returns when all are done. A failure in any part is thrown here, after
     * every thread has ended its work; further failures are attached to the first. Calls from several threads take
     * turns; a task must not call this method.
     */
    synchronized void run(int parts, Task task) {
        if (closed) {
            throw new IllegalStateException("the worker pool is closed");
        }
        int helpers = Math.min(parts - 1, workers.length);
        for (int i = 0; i < helpers; i++) {
            workers[i].begin(parts, task);
        }
        Throwable failure = runParts(task, 0, parts, threads());
        for (int i = 0; i < helpers; i++) {
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
     * Runs {@code task} over {@code 0 .. size - 1}, cut at multiples of {@code unit} into one share for each thread, or
     * fewer where a share would be smaller than {@code smallest}.
     */
    void forRange(int size, int unit, int smallest, RangeTask task) {
        int parts = parts(size, smallest);
        if (parts == 1) {
            task.run(0, size);
        } else {
            run(parts, part -> task.run(share(size, unit, part, parts), share(size, unit, part + 1, parts)));
        }
    }

    /** {@link #forRange} for elements of an array or columns of a matrix, cut where cache lines may begin. */
    void forElements(int size, int smallest, RangeTask task) {
        forRange(size, LINE, smallest, task);
    }

    /** Into how many parts to cut {@code work} so that each thread has one of at least {@code smallest}. */
    int parts(long work, long smallest) {
        return (int) Math.max(1, Math.min(threads(), work / smallest));
    }

    /** Where part {@code part} of {@code parts} begins when {@code 0 .. size - 1} is cut at multiples of {@code unit}. */
    static int share(int size, int unit, int part, int parts) {
        int units = (size + unit - 1) / unit;
        return (int) Math.min(size, (long) units * part / parts * unit);
    }

    /** Ends the threads. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            for (Worker worker : workers) {
                worker.begin(0, null);
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
