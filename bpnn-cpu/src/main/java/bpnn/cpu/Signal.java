package bpnn.cpu;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A counter with one writer and one waiting reader.
 *
 * <p>The reader first spins, which covers the gap between two kernels and most load imbalance; then yields for a tenth
 * of a millisecond, so that a descheduled writer gets the core; then parks. Before parking it publishes its thread and
 * checks the counter again, while the writer increments the counter before it looks for a thread to unpark. Both fields
 * are volatile, so one of the two always sees the other.
 */
final class Signal {
    private static final int SPINS = 5000;
    private static final long YIELDING_NANOS = 100_000;

    private volatile int count;
    private volatile @Nullable Thread sleeper;

    /** Increments the counter and unparks the waiting thread, if any. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // single writer
    void advance() {
        count++;
        Thread waiting = sleeper;
        if (waiting != null) {
            LockSupport.unpark(waiting);
        }
    }

    /** Waits until the counter equals {@code wanted}. */
    void await(int wanted) {
        for (int i = 0; i < SPINS && count != wanted; i++) {
            Thread.onSpinWait();
        }
        if (count == wanted) {
            return;
        }
        long start = System.nanoTime();
        while (count != wanted && System.nanoTime() - start < YIELDING_NANOS) {
            Thread.yield();
        }
        sleeper = Thread.currentThread();
        while (count != wanted) {
            LockSupport.park(this);
        }
        sleeper = null;
    }
}
