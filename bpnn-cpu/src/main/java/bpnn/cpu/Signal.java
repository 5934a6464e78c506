package bpnn.cpu;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A counter that one thread advances and one other thread waits for.
 *
 * <p>The waiting thread spins for a while and then parks: spinning covers the gap between two kernels of a training
 * step, but spinning for long would take the core from whoever shares it. Before it parks it leaves its name and looks
 * at the counter again; the other side advances the counter first and looks for a name second. These are volatile
 * accesses, so one of the two always sees the other.
 */
final class Signal {
    private static final int SPINS_PER_CLOCK_READING = 32;

    private final long spinNanos;
    private volatile int count;
    private volatile @Nullable Thread sleeper;

    /** @param spinNanos how long a waiting thread spins before it parks */
    Signal(long spinNanos) {
        this.spinNanos = spinNanos;
    }

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
        if (!spin(wanted)) {
            sleeper = Thread.currentThread();
            while (count != wanted) {
                LockSupport.park(this);
            }
            sleeper = null;
        }
    }

    private boolean spin(int wanted) {
        long start = System.nanoTime();
        do {
            for (int i = 0; i < SPINS_PER_CLOCK_READING; i++) {
                if (count == wanted) {
                    return true;
                }
                Thread.onSpinWait();
            }
        } while (System.nanoTime() - start < spinNanos);
        return false;
    }
}
