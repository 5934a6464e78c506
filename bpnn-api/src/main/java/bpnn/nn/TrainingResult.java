package bpnn.nn;

import java.util.List;

/**
 * The result of a training.
 *
 * @param epochs one entry per epoch, the last of which may be incomplete
 * @param steps steps taken
 * @param interrupted whether it was stopped on request
 * @param keptEpoch the epoch the final weights come from: the last one, or the best one with early stopping
 */
public record TrainingResult(List<EpochResult> epochs, long steps, boolean interrupted, int keptEpoch) {
    public TrainingResult {
        epochs = List.copyOf(epochs);
    }

    /** Training time, without validation. */
    public double seconds() {
        return epochs.stream().mapToDouble(EpochResult::seconds).sum();
    }

    /** Training throughput over all epochs, images per second. */
    public double imagesPerSecond() {
        long images = epochs.stream().mapToLong(EpochResult::images).sum();
        return seconds() > 0 ? images / seconds() : 0;
    }
}
