package bpnn.lab.statistics;

import bpnn.data.Dataset;

/** Temperature scaling (C. Guo et al., 2017, section 4.2): logits are divided by one number, so that probabilities fit. */
public final class Temperature {
    private static final double LOWEST = 0.05;
    private static final double HIGHEST = 20;
    private static final int ITERATIONS = 100;

    private Temperature() {}

    /**
     * The temperature with the least mean cross-entropy, which is convex in its inverse β: bisection of the derivative, mean(Σ
     * softmax(β z) · z - z_label), between {@value #LOWEST} and {@value #HIGHEST}.
     *
     * @param logits a row per image
     */
    public static double of(Dataset images, float[][] logits) {
        double low = 1 / HIGHEST;
        double high = 1 / LOWEST;
        for (int i = 0; i < ITERATIONS; i++) {
            double middle = (low + high) / 2;
            if (slope(images, logits, middle) > 0) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return 2 / (low + high);
    }

    private static double slope(Dataset images, float[][] logits, double beta) {
        double sum = 0;
        for (int i = 0; i < logits.length; i++) {
            double most = Double.NEGATIVE_INFINITY;
            for (float z : logits[i]) {
                most = Math.max(most, z);
            }
            double total = 0;
            double weighted = 0;
            for (float z : logits[i]) {
                double e = StrictMath.exp(beta * (z - most));
                total += e;
                weighted += e * z;
            }
            sum += weighted / total - logits[i][images.label(i)];
        }
        return sum;
    }
}
