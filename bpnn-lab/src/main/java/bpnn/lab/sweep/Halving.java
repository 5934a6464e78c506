package bpnn.lab.sweep;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Successive halving (K. Jamieson and A. Talwalkar, 2016): all trials are trained for a few epochs, the best share of them for
 * more, and so on. A rung is finished before the next one begins, so that what comes out does not depend on how many runs are
 * trained at once, nor on when somebody interrupts it.
 *
 * @param epochs of the rungs, ascending; empty for a single rung whose epochs the options say
 * @param factor one in so many trials goes on
 */
public record Halving(List<Integer> epochs, int factor) {
    /** One rung, which all trials reach. */
    public static final Halving NONE = new Halving(List.of(), 1);

    public Halving {
        epochs = List.copyOf(epochs);
    }

    /** Rungs of {@code from}, {@code from * factor} and so on, the last of them {@code to}. */
    public static Halving of(int from, int to, int factor) {
        List<Integer> epochs = new ArrayList<>();
        for (long rung = from; rung < to; rung *= factor) {
            epochs.add((int) rung);
        }
        epochs.add(to);
        return new Halving(epochs, factor);
    }

    /** Number of rungs. */
    public int rungs() {
        return Math.max(1, epochs.size());
    }

    /** The epochs of a rung, counted from 0; null where the options say them. */
    public @Nullable Integer epochs(int rung) {
        return epochs.isEmpty() ? null : epochs.get(rung);
    }

    /** How many of the trials of a rung reach the next one. */
    public int goingOn(int trials) {
        return Math.max(1, (trials + factor - 1) / factor);
    }

    /** How many trials a rung has. */
    int trials(int all, int rung) {
        int trials = all;
        for (int i = 0; i < rung; i++) {
            trials = goingOn(trials);
        }
        return trials;
    }
}
