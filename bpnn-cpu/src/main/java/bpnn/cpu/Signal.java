package bpnn.cpu;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A counter that one thread advances and one other thread waits for.
 *
 * <p>The waiting thread watches the counter closely for about a tenth of a millisecond, which covers the gap between two
 * kernels and most differences between shares: where others want the core too, one that yields at once loses it for
 * milliseconds. Then it yields to whoever else wants the core, perhaps the very thread it waits for; then it parks, since
 * waking up later costs less than keeping a core busy for long. Before it parks it leaves its name and looks at the counter again;
 * the other side advances the counter first and looks for a name second. These are volatile accesses, so one of the two
 * always sees the other.
 */
final class Signal {
    private static final int SPINS = 5000;
    private static final long YIELDING_NANOS = 100_000;

    private volatile int count;
    private volatile @Nullable Thread sleeper;

    /** Adds one, and wakes the thread that waits. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // There is one writer.
    void advance() {
        count++;
        Thread waiting = sleeper;
        if (waiting != null) {
            LockSupport.unpark(waiting);
        }
    }

    /** Waits until the counter stands at {@code wanted}. */
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
