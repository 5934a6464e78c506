package bpnn.report;

import java.util.List;

/**
 * What the article published about an experiment, read off its charts.
 *
 * @param curves of losses
 * @param accuracies on what it calls test images
 */
public record Published(List<Curve> curves, List<Accuracy> accuracies) {
    /** Of an experiment that the article does not have. */
    public static final Published NOTHING = new Published(List.of(), List.of());

    /** Batches of an epoch behind the article's sums. */
    private static final int TRAIN_BATCHES = 875;

    private static final int VALIDATION_BATCHES = 218;

    public Published {
        curves = List.copyOf(curves);
        accuracies = List.copyOf(accuracies);
    }

    /**
     * A curve of sums over an epoch's batches, without and with the trick.
     *
     * @param training whether it is the training loss, or else the validation loss
     * @param firstWithout after the first epoch, without the trick
     * @param firstWith after the first epoch, with it
     * @param lastWithout after the last epoch, without the trick
     * @param lastWith after the last epoch, with it
     */
    public record Curve(boolean training, double firstWithout, double firstWith, double lastWithout, double lastWith) {

        /** The mean loss of a batch behind a sum. */
        double perBatch(double sum) {
            return sum / (training ? TRAIN_BATCHES : VALIDATION_BATCHES);
        }
    }

    /**
     * A pair of test accuracies.
     *
     * @param without the trick
     * @param with the trick
     */
    public record Accuracy(double without, double with) {}

    /** Whether there is nothing. */
    boolean isEmpty() {
        return curves.isEmpty() && accuracies.isEmpty();
    }
}
