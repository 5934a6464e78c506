package bpnn.lab.trace;

import java.security.PrivateKey;
import org.jspecify.annotations.Nullable;

/**
 * What a trace is to hold.
 *
 * @param everySteps a link every so many steps of an epoch, beside the one at its end; 0 for none
 * @param stateEvery links from one kept state to the next; 0 to choose
 * @param key what the trace is signed with; null for no signature
 */
public record TraceSettings(
        int everySteps, int stateEvery, @Nullable PrivateKey key) {
    /** Segments that a training is divided into where nobody says otherwise, so that a few of them are a fair sample. */
    private static final int SEGMENTS = 20;

    /** To write a state of 784-512-512-10 takes a twelfth of an epoch of MNIST where these are fast. */
    private static final int LEAST_EPOCHS = 5;

    /** The schedule for a training. */
    TraceSchedule schedule(int stepsPerEpoch, int epochs, boolean exact) {
        TraceSchedule everyLink = new TraceSchedule(everySteps, 1, stepsPerEpoch, exact);
        int perEpoch = everyLink.linksPerEpoch();
        int chosen = stateEvery == 0
                ? Math.max(LEAST_EPOCHS * perEpoch, (int) (((long) epochs * perEpoch + SEGMENTS - 1) / SEGMENTS))
                : stateEvery;
        return new TraceSchedule(everySteps, chosen, stepsPerEpoch, exact);
    }
}
