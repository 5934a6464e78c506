package bpnn.app.command;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets runs train in turns, one at a time, so that each has the whole machine while it does, and none gets ahead of the others:
 * the next turn is that of the run that has seen the fewest images since it joined them.
 */
final class Turns {
    private static final long WAIT_MILLIS = 500;

    private final Map<Object, Long> seen = new LinkedHashMap<>();
    private @Nullable Object holder;

    /**
     * Joins, and waits for a turn.
     *
     * @param given up whether it need not wait any more; it has no turn then, and trains no further
     */
    synchronized void enter(Object run, BooleanSupplier given) {
        seen.put(run, seen.values().stream().mapToLong(Long::longValue).min().orElse(0));
        await(run, given);
    }

    /** Ends a turn in which so many images were seen, and waits for the next one. */
    synchronized void pass(Object run, long images, BooleanSupplier given) {
        seen.merge(run, images, Long::sum);
        if (holder == run) {
            holder = null;
            notifyAll();
        }
        await(run, given);
    }

    /** Leaves the others to themselves. */
    synchronized void leave(Object run) {
        seen.remove(run);
        if (holder == run) {
            holder = null;
        }
        notifyAll();
    }

    /** Lets those that wait look whether they still have to. */
    synchronized void wake() {
        notifyAll();
    }

    private void await(Object run, BooleanSupplier given) {
        while (!given.getAsBoolean() && (holder != null || next() != run)) {
            try {
                wait(WAIT_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        holder = run;
    }

    private @Nullable Object next() {
        return seen.entrySet().stream()
                .min(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse(null);
    }
}
