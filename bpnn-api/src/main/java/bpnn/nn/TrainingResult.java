package bpnn.nn;

import java.util.List;

/**
 * A training's history.
 *
 * @param epochs one entry per epoch, the last of which may be incomplete
 * @param steps steps taken
 * @param interrupted whether it was stopped by request
 * @param keptEpoch the epoch whose weights the network has: the last one, or the best one with early stopping
 */
public record TrainingResult(List<EpochResult> epochs, long steps, boolean interrupted, int keptEpoch) {
    public TrainingResult {
        epochs = List.copyOf(epochs);
    }

    /** Time spent training, validation left out. */
    public double seconds() {
        return epochs.stream().mapToDouble(EpochResult::seconds).sum();
    }

    /** Images trained on in a second, over the whole training. */
    public double imagesPerSecond() {
        long images = epochs.stream().mapToLong(EpochResult::images).sum();
        return seconds() > 0 ? images / seconds() : 0;
    }
}
