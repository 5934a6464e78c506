package bpnn.lab.trace;

/**
 * At which steps a trace has links, and which of them keep their state. Links are counted from 0, the initial state.
 *
 * @param everySteps a link every so many steps of an epoch, beside the one at its end; 0 for none
 * @param stateEvery links from one kept state to the next
 * @param stepsPerEpoch steps of an epoch
 * @param exact whether the training's bits can be computed again; where they cannot, a second state is kept a few steps
 *     behind each, because only so short a way can be followed within bounds
 */
public record TraceSchedule(int everySteps, int stateEvery, int stepsPerEpoch, boolean exact) {
    /** Steps from a state to the second one. */
    public static final int SHORT_WAY = 3;

    /** Links of an epoch, the one at its end included. */
    int linksPerEpoch() {
        return everySteps == 0 ? 1 : (stepsPerEpoch + everySteps - 1) / everySteps;
    }

    /** Whether there is a link after a step. */
    public boolean hasLink(long step) {
        return step == 0 || isRegular(step) || endsShortWay(step);
    }

    /** Whether the state after a step is kept. The initial one is not: it is drawn or read again. */
    public boolean keepsState(long step) {
        return (step > 0 && isBoundary(step)) || endsShortWay(step);
    }

    /** Whether a segment begins at a step. */
    public boolean isBoundary(long step) {
        return step == 0 || (isRegular(step) && number(step) % stateEvery == 0);
    }

    /** Whether a step is the last of an epoch. */
    public boolean endsEpoch(long step) {
        return step > 0 && step % stepsPerEpoch == 0;
    }

    private boolean isRegular(long step) {
        return endsEpoch(step) || (everySteps > 0 && step % stepsPerEpoch % everySteps == 0);
    }

    private boolean endsShortWay(long step) {
        return !exact && step >= SHORT_WAY && isBoundary(step - SHORT_WAY);
    }

    /** The number of a regular link. */
    private long number(long step) {
        long epochs = step / stepsPerEpoch;
        long within = step % stepsPerEpoch;
        return epochs * linksPerEpoch() + (everySteps == 0 ? 0 : within / everySteps);
    }
}
