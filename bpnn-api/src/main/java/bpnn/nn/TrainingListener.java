package bpnn.nn;

import java.util.List;
import java.util.stream.Stream;

/**
 * Receives the progress of a training. Losses are read back in chunks, so several steps are reported at once. An
 * exception ends the training.
 */
public interface TrainingListener {
    /**
     * Some steps have finished.
     *
     * @param epoch epoch number, from 1
     * @param firstStep number of the first of these steps since training began, from 1
     * @param losses mean loss of each step
     * @param stepsLeft steps left in this epoch
     */
    default void onSteps(int epoch, long firstStep, float[] losses, int stepsLeft) {}

    /** An epoch has finished or was stopped. */
    default void onEpoch(EpochResult result) {}

    /**
     * Whether to call {@link #beforeStep} and {@link #afterStep} for a step. They may read parameters (after the step
     * also gradients) and run passes in {@link Mode#EVALUATE} without affecting the training.
     *
     * @param step step number since training began, from 1
     */
    default boolean observes(long step) {
        return false;
    }

    /** Called before an observed step. */
    default void beforeStep(long step) {}

    /** Called after an observed step; its loss is not yet known and may not be finite. */
    default void afterStep(long step) {}

    /** A listener that forwards to several others, in order. */
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

            @Override
            public boolean observes(long step) {
                return listeners.stream().anyMatch(listener -> listener.observes(step));
            }

            @Override
            public void beforeStep(long step) {
                observers(step).forEach(listener -> listener.beforeStep(step));
            }

            @Override
            public void afterStep(long step) {
                observers(step).forEach(listener -> listener.afterStep(step));
            }

            private Stream<TrainingListener> observers(long step) {
                return listeners.stream().filter(listener -> listener.observes(step));
            }
        };
    }
}
