package bpnn.tck;

import java.util.ArrayList;
import java.util.List;

/**
 * How far a matrix is from the truth.
 *
 * @param worst the largest error in units of its bound
 * @param place the element that has it
 * @param nmse Σ (found - true)² / Σ true² over the finite elements
 * @param outside the elements beyond their bounds
 */
record Deviation(double worst, int place, double nmse, List<Integer> outside) {
    static Deviation of(float[] found, double[] truth, double[] bounds, double factor) {
        double worst = 0;
        int place = 0;
        double errors = 0;
        double squares = 0;
        List<Integer> outside = new ArrayList<>();
        for (int i = 0; i < found.length; i++) {
            double ratio = ratio(found[i], truth[i], factor * bounds[i]);
            if (ratio > worst) {
                worst = ratio;
                place = i;
            }
            if (ratio > 1) {
                outside.add(i);
            }
            if (Math.abs(truth[i]) <= Float.MAX_VALUE && Float.isFinite(found[i])) {
                errors += (found[i] - truth[i]) * (found[i] - truth[i]);
                squares += truth[i] * truth[i];
            }
        }
        return new Deviation(worst, place, errors == 0 ? 0 : errors / squares, outside);
    }

    /** The error in units of the bound; infinite where NaN or infinity is not met, or stands where it should not. */
    static double ratio(double found, double truth, double bound) {
        boolean overflows = Math.abs(truth) > Float.MAX_VALUE;
        if (Double.isNaN(truth) || overflows || !Double.isFinite(found)) {
            return Double.compare(found, (float) truth) == 0 ? 0 : Double.POSITIVE_INFINITY;
        }
        double error = Math.abs(found - truth);
        // A bound that could not be derived allows nothing.
        return error == 0 ? 0 : bound > 0 ? error / bound : Double.POSITIVE_INFINITY;
    }
}
