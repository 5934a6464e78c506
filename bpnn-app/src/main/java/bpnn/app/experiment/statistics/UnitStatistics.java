package bpnn.app.experiment.statistics;

/**
 * Statistics of a layer's units over some images, in float64.
 *
 * @param spread standard deviation over units and images
 * @param meanOffset mean over the units of |mean over the images|
 * @param variance mean over the units of the variance over the images
 */
public record UnitStatistics(double spread, double meanOffset, double variance) {

    /** @param values a row per image, a column per unit */
    public static UnitStatistics of(float[] values, int units) {
        int images = values.length / units;
        double sum = 0;
        double squares = 0;
        double offset = 0;
        double variance = 0;
        for (int unit = 0; unit < units; unit++) {
            double unitSum = 0;
            double unitSquares = 0;
            for (int image = 0; image < images; image++) {
                double value = values[image * units + unit];
                unitSum += value;
                unitSquares += value * value;
            }
            double mean = unitSum / images;
            offset += Math.abs(mean);
            variance += Math.max(0, unitSquares / images - mean * mean);
            sum += unitSum;
            squares += unitSquares;
        }
        double mean = sum / values.length;
        double spread = Math.sqrt(Math.max(0, squares / values.length - mean * mean));
        return new UnitStatistics(spread, offset / units, variance / units);
    }

    /**
     * The mean of |Pearson's correlation coefficient| over all pairs among the first {@code most} units. Pairs with a
     * unit that never changes are left out; 0 if there is no pair.
     *
     * @param values a row per image, a column per unit
     */
    public static double meanCorrelation(float[] values, int units, int most) {
        int images = values.length / units;
        int used = Math.min(units, most);
        double[][] standardised = new double[used][];
        for (int unit = 0; unit < used; unit++) {
            standardised[unit] = standardised(values, units, unit, images);
        }
        double sum = 0;
        long pairs = 0;
        for (int i = 0; i < used; i++) {
            for (int j = 0; j < i; j++) {
                if (standardised[i].length > 0 && standardised[j].length > 0) {
                    sum += Math.abs(dot(standardised[i], standardised[j]));
                    pairs++;
                }
            }
        }
        return pairs == 0 ? 0 : sum / pairs;
    }

    /** A unit's values with mean 0 and Euclidean norm 1; empty where they are all the same. */
    private static double[] standardised(float[] values, int units, int unit, int images) {
        double mean = 0;
        for (int image = 0; image < images; image++) {
            mean += values[image * units + unit];
        }
        mean /= images;
        double[] result = new double[images];
        double squares = 0;
        for (int image = 0; image < images; image++) {
            result[image] = values[image * units + unit] - mean;
            squares += result[image] * result[image];
        }
        if (!(squares > 1e-12 * images)) {
            return new double[0];
        }
        double scale = 1 / Math.sqrt(squares);
        for (int image = 0; image < images; image++) {
            result[image] *= scale;
        }
        return result;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
