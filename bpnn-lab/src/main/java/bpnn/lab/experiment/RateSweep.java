package bpnn.lab.experiment;

import java.util.List;

/**
 * Short trainings with many learning rates.
 *
 * @param arm the key of the arm
 * @param seed the seed of all its trainings
 * @param points a training each, from the smallest to the largest rate
 * @param seconds it took
 */
public record RateSweep(String arm, long seed, List<Point> points, double seconds) implements TaskResult {

    /**
     * A short training.
     *
     * @param rate its learning rate
     * @param loss mean training loss over its last steps; NaN if it diverged
     */
    public record Point(double rate, double loss) {}
}
