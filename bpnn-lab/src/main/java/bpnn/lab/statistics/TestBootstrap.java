package bpnn.lab.statistics;

import bpnn.random.Purpose;
import bpnn.random.RandomStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Test errors and their differences, by a percentile bootstrap over seeds and test images (B. Efron, 1979): another
 * choice of seeds, and other test images, might have given another result. All arms see the same drawn images, since they
 * were judged by the same ones; seeds are drawn for each arm by itself. Of n seeds n - 1 are drawn, with replacement: that
 * gives the mean of n its right variance, which n draws would make too small by (n - 1) / n.
 *
 * @param errors the test error of each arm, as a share
 * @param differences the error of each arm minus that of the first one
 */
public record TestBootstrap(List<Interval> errors, List<Interval> differences) {
    private static final int RESAMPLES = 2000;
    private static final long SEED = 20191219;

    /**
     * @param misread for each arm and seed, the numbers of the misread images
     * @param images size of the test set
     */
    public static TestBootstrap of(List<List<int[]>> misread, int images) {
        int arms = misread.size();
        double[][] drawn = new double[arms][RESAMPLES];
        double[][] differences = new double[arms][RESAMPLES];
        int[] weights = new int[images];
        for (int resample = 0; resample < RESAMPLES; resample++) {
            drawImages(resample, weights);
            for (int arm = 0; arm < arms; arm++) {
                drawn[arm][resample] = drawError(misread.get(arm), resample, arm, weights);
                differences[arm][resample] = drawn[arm][resample] - drawn[0][resample];
            }
        }
        List<Interval> errors = new ArrayList<>();
        List<Interval> apart = new ArrayList<>();
        double first = error(misread.get(0), images);
        boolean firstKnown = misread.get(0).size() > 1;
        for (int arm = 0; arm < arms; arm++) {
            double error = error(misread.get(arm), images);
            boolean known = misread.get(arm).size() > 1;
            errors.add(interval(error, drawn[arm], known));
            apart.add(interval(error - first, differences[arm], known && firstKnown));
        }
        return new TestBootstrap(errors, apart);
    }

    private static void drawImages(int resample, int[] weights) {
        RandomStream random = new RandomStream(SEED, Purpose.STATISTICS, resample, 0);
        Arrays.fill(weights, 0);
        for (int i = 0; i < weights.length; i++) {
            weights[random.nextInt(weights.length)]++;
        }
    }

    private static double drawError(List<int[]> seeds, int resample, int arm, int[] weights) {
        RandomStream random = new RandomStream(SEED, Purpose.STATISTICS, resample, 1 + arm);
        int draws = Math.max(1, seeds.size() - 1);
        long wrong = 0;
        for (int draw = 0; draw < draws; draw++) {
            for (int image : seeds.get(random.nextInt(seeds.size()))) {
                wrong += weights[image];
            }
        }
        return (double) wrong / ((long) draws * weights.length);
    }

    private static double error(List<int[]> seeds, int images) {
        return seeds.stream().mapToLong(wrong -> wrong.length).sum() / ((double) seeds.size() * images);
    }

    /** One seed says nothing about others, so there is no interval then. */
    private static Interval interval(double estimate, double[] drawn, boolean known) {
        double[] sorted = drawn.clone();
        Arrays.sort(sorted);
        return known
                ? new Interval(estimate, quantile(sorted, 0.025), quantile(sorted, 0.975))
                : new Interval(estimate, Double.NaN, Double.NaN);
    }

    private static double quantile(double[] sorted, double share) {
        double position = share * (sorted.length - 1);
        int below = (int) position;
        double rest = position - below;
        return sorted[below] * (1 - rest) + sorted[Math.min(below + 1, sorted.length - 1)] * rest;
    }
}
