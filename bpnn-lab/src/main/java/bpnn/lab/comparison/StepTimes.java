package bpnn.lab.comparison;

import java.util.EnumMap;
import java.util.Map;

/**
 * How long a training step takes.
 *
 * @param step seconds, undisturbed
 * @param phases seconds of each part, with a wait for the backend after every kernel; the parts together may take longer
 *     than the undisturbed step
 * @param measured steps that each figure is the mean of
 */
public record StepTimes(double step, Map<StepPhase, Double> phases, long measured) {
    public StepTimes {
        phases = Map.copyOf(new EnumMap<>(phases));
    }

    /** Seconds of a part. */
    public double of(StepPhase phase) {
        return phases.getOrDefault(phase, 0.0);
    }
}
