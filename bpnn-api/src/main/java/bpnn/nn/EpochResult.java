package bpnn.nn;

import org.jspecify.annotations.Nullable;

/**
 * What an epoch brought.
 *
 * @param epoch its number, from 1
 * @param steps steps taken in it
 * @param trainLoss mean training loss over its images, as they came, in nats
 * @param validation the network after it on the validation images; null if there are none
 * @param seconds time spent training, validation left out
 * @param images images trained on
 */
public record EpochResult(
        int epoch, int steps, double trainLoss, @Nullable Evaluation validation, double seconds, long images) {

    /** Images trained on in a second. */
    public double imagesPerSecond() {
        return seconds > 0 ? images / seconds : 0;
    }
}
