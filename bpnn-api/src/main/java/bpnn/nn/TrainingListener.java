package bpnn.nn;

import java.util.List;
import java.util.stream.Stream;

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

    /**
     * Whether it wants to look at the network around a step: {@link #beforeStep} and {@link #afterStep} are then called.
     * There it may read parameters, and gradients behind the step, and run passes in {@link Mode#EVALUATE}; the training
     * goes on as if it had not.
     *
     * @param step number of the step since training began, from 1
     */
    default boolean observes(long step) {
        return false;
    }

    /** An observed step comes next. */
    default void beforeStep(long step) {}

    /** An observed step is done; its loss is not yet known, and may not be finite. */
    default void afterStep(long step) {}

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
