package bpnn.nn;

import org.jspecify.annotations.Nullable;

/**
 * The result of an epoch.
 *
 * @param epoch its number, from 1
 * @param steps steps taken in it
 * @param trainLoss mean training loss over its images during the epoch, in nats
 * @param validation evaluation on the validation images after the epoch; null without any
 * @param seconds training time, without validation
 * @param images images trained on
 */
public record EpochResult(
        int epoch, int steps, double trainLoss, @Nullable Evaluation validation, double seconds, long images) {

    /** Training throughput, images per second. */
    public double imagesPerSecond() {
        return seconds > 0 ? images / seconds : 0;
    }
}
