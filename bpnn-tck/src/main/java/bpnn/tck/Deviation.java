package bpnn.tck;

import java.util.ArrayList;
import java.util.List;

/**
 * The deviation of a matrix from its true values.
 *
 * @param worst the largest error as a multiple of its bound
 * @param index the element with the largest error
 * @param nmse Σ (found - true)² / Σ true² over the finite elements
 * @param outside the elements beyond their bounds
 */
record Deviation(double worst, int index, double nmse, List<Integer> outside) {
    static Deviation of(float[] found, double[] truth, double[] bounds, double factor) {
        double worst = 0;
        int index = 0;
        double errors = 0;
        double squares = 0;
        List<Integer> outside = new ArrayList<>();
        for (int i = 0; i < found.length; i++) {
            double ratio = ratio(found[i], truth[i], factor * bounds[i]);
            if (ratio > worst) {
                worst = ratio;
                index = i;
            }
            if (ratio > 1) {
                outside.add(i);
            }
            if (Math.abs(truth[i]) <= Float.MAX_VALUE && Float.isFinite(found[i])) {
                errors += (found[i] - truth[i]) * (found[i] - truth[i]);
                squares += truth[i] * truth[i];
            }
        }
        return new Deviation(worst, index, errors == 0 ? 0 : errors / squares, outside);
    }

    /**
     * The error as a multiple of the bound; infinite if an expected NaN or infinity is missing, or one is unexpected.
     */
    static double ratio(double found, double truth, double bound) {
        boolean overflows = Math.abs(truth) > Float.MAX_VALUE;
        if (Double.isNaN(truth) || overflows || !Double.isFinite(found)) {
            return Double.compare(found, (float) truth) == 0 ? 0 : Double.POSITIVE_INFINITY;
        }
        double error = Math.abs(found - truth);
        // A bound that could not be derived allows no error.
        return error == 0 ? 0 : bound > 0 ? error / bound : Double.POSITIVE_INFINITY;
    }
}
