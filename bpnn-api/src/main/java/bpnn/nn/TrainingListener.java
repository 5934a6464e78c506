package bpnn.nn;

import java.util.List;

/**
 * Hears of a training as it goes on. Losses are read back from the backend in bunches, so several steps are reported at
 * once. What it throws ends the training.
 */
public interface TrainingListener {
    /**
     * Some steps are done.
     *
     * @param epoch the epoch's number, from 1
     * @param firstStep number of the first of them since training began, from 1
     * @param losses mean loss of each
     * @param stepsLeft steps left in this epoch
     */
    default void onSteps(int epoch, long firstStep, float[] losses, int stepsLeft) {}

    /** An epoch is done, or was ended by a stop. */
    default void onEpoch(EpochResult result) {}

    /** One listener that passes everything on to several, in order. */
    static TrainingListener all(List<TrainingListener> listeners) {
        return new TrainingListener() {
            @Override
            public void onSteps(int epoch, long firstStep, float[] losses, int stepsLeft) {
                listeners.forEach(listener -> listener.onSteps(epoch, firstStep, losses, stepsLeft));
            }

            @Override
            public void onEpoch(EpochResult result) {
                listeners.forEach(listener -> listener.onEpoch(result));
            }
        };
    }
}
