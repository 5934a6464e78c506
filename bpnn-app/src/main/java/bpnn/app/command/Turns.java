package bpnn.app.command;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets runs train in turns, one at a time, so that each has the whole machine while it does, and none gets ahead of the others:
 * the next turn is that of the run that has seen the fewest images since it joined them.
 */
final class Turns {
    private static final long WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Map<Object, Long> seen = new LinkedHashMap<>();
    private @Nullable Object holder;
    private long wakes;

    /**
     * Joins, and waits for a turn.
     *
     * @param given up whether it need not wait any more; it has no turn then, and trains no further
     * @param meanwhile what it does now and then while it waits, and whenever it is woken
     */
    void enter(Object run, BooleanSupplier given, Runnable meanwhile) {
        synchronized (this) {
            seen.put(
                    run, seen.values().stream().mapToLong(Long::longValue).min().orElse(0));
        }
        await(run, given, meanwhile);
    }

    /** Ends a turn in which so many images were seen, and waits for the next one. */
    void pass(Object run, long images, BooleanSupplier given, Runnable meanwhile) {
        synchronized (this) {
            seen.merge(run, images, Long::sum);
            if (holder == run) {
                holder = null;
                notifyAll();
            }
        }
        await(run, given, meanwhile);
    }

    /** Leaves the others to themselves. */
    synchronized void leave(Object run) {
        seen.remove(run);
        if (holder == run) {
            holder = null;
        }
        notifyAll();
    }

    /** Lets those that wait look whether they still have to, and do what they do meanwhile. */
    synchronized void wake() {
        wakes++;
        notifyAll();
    }

    private void await(Object run, BooleanSupplier given, Runnable meanwhile) {
        while (!takes(run, given)) {
            meanwhile.run();
        }
    }

    /** Whether the turn is its own now, or it has given up; waits for that, a little and until it is woken. */
    private synchronized boolean takes(Object run, BooleanSupplier given) {
        long before = wakes;
        long latest = System.nanoTime() + WAIT_NANOS;
        while (!given.getAsBoolean() && (holder != null || next() != run)) {
            long left = latest - System.nanoTime();
            if (left <= 0 || wakes != before) {
                return false;
            }
            try {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        holder = run;
        return true;
    }

    private @Nullable Object next() {
        return seen.entrySet().stream()
                .min(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse(null);
    }
}
