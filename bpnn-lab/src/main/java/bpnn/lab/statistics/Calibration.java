package bpnn.lab.statistics;

import bpnn.data.Dataset;
import java.util.ArrayList;
import java.util.List;

/**
 * How far a classifier is as often right as it is certain (C. Guo et al., "On calibration of modern neural networks", 2017,
 * sections 2 and 3): images are binned by the probability of the class they are taken for.
 *
 * @param bins of equal width, from 0 to 1
 */
public record Calibration(List<Bin> bins) {
    /** Number of bins. */
    public static final int BINS = 15;

    /**
     * The images that a classifier is about equally certain of.
     *
     * @param from least probability in it
     * @param to greatest
     * @param images how many there are
     * @param confidence mean probability of the class they are taken for; 0 without images
     * @param accuracy share of them that are taken for the right one; 0 without images
     */
    public record Bin(double from, double to, int images, double confidence, double accuracy) {}

    public Calibration {
        bins = List.copyOf(bins);
    }

    /** @param probabilities of each class, a row per image */
    public static Calibration of(Dataset images, float[][] probabilities) {
        int[] counts = new int[BINS];
        int[] right = new int[BINS];
        double[] sums = new double[BINS];
        for (int i = 0; i < probabilities.length; i++) {
            int best = 0;
            for (int j = 1; j < probabilities[i].length; j++) {
                best = probabilities[i][j] > probabilities[i][best] ? j : best;
            }
            double confidence = probabilities[i][best];
            int bin = (int) Math.min(BINS - 1, confidence * BINS);
            counts[bin]++;
            sums[bin] += confidence;
            right[bin] += best == images.label(i) ? 1 : 0;
        }
        List<Bin> bins = new ArrayList<>();
        for (int bin = 0; bin < BINS; bin++) {
            bins.add(new Bin(
                    (double) bin / BINS,
                    (bin + 1.0) / BINS,
                    counts[bin],
                    counts[bin] == 0 ? 0 : sums[bin] / counts[bin],
                    counts[bin] == 0 ? 0 : (double) right[bin] / counts[bin]));
        }
        return new Calibration(bins);
    }

    /** Of several runs together. */
    public static Calibration merged(List<Calibration> runs) {
        List<Bin> bins = new ArrayList<>();
        for (int number = 0; number < BINS; number++) {
            int images = 0;
            double confidence = 0;
            double accuracy = 0;
            for (Calibration run : runs) {
                Bin bin = run.bins.get(number);
                images += bin.images;
                confidence += bin.images * bin.confidence;
                accuracy += bin.images * bin.accuracy;
            }
            int count = Math.max(1, images);
            bins.add(new Bin(
                    (double) number / BINS, (number + 1.0) / BINS, images, confidence / count, accuracy / count));
        }
        return new Calibration(bins);
    }

    /** Σ over the bins of their share of the images times |accuracy - confidence|. */
    public double expectedError() {
        long all = bins.stream().mapToLong(Bin::images).sum();
        return bins.stream()
                .filter(bin -> bin.images() > 0)
                .mapToDouble(bin -> Math.abs(bin.accuracy() - bin.confidence()) * bin.images() / all)
                .sum();
    }
}
