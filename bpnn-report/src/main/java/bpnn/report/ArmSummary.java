package bpnn.report;

import bpnn.lab.statistics.ConfusionMatrix;
import bpnn.lab.statistics.Interval;
import java.util.List;

/**
 * How an arm did on the test images.
 *
 * @param label what it is called
 * @param error test error as a share, with its interval over seeds and images
 * @param diverged runs whose loss left the finite numbers
 * @param confusion summed over the seeds
 * @param gallery the images that are misread most confidently, the worst first
 */
public record ArmSummary(
        String label, Interval error, int diverged, ConfusionMatrix confusion, List<GalleryImage> gallery) {
    public ArmSummary {
        gallery = List.copyOf(gallery);
    }

    /**
     * An image that was misread.
     *
     * @param image its number in the test set
     * @param truth its class
     * @param read the class that most runs took it for
     * @param confidence the mean over all runs of the probability given to that class by those that misread it so
     * @param runs runs that misread it so
     */
    public record GalleryImage(int image, int truth, int read, double confidence, int runs) {}
}
