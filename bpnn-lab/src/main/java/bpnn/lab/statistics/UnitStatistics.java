package bpnn.lab.statistics;

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
        double[] sums = new double[units];
        double[] squares = new double[units];
        for (int row = 0; row < values.length; row += units) {
            for (int unit = 0; unit < units; unit++) {
                double value = values[row + unit];
                sums[unit] += value;
                squares[unit] += value * value;
            }
        }
        int images = values.length / units;
        double sum = 0;
        double square = 0;
        double offset = 0;
        double variance = 0;
        for (int unit = 0; unit < units; unit++) {
            double mean = sums[unit] / images;
            offset += Math.abs(mean);
            variance += Math.max(0, squares[unit] / images - mean * mean);
            sum += sums[unit];
            square += squares[unit];
        }
        double mean = sum / values.length;
        double spread = Math.sqrt(Math.max(0, square / values.length - mean * mean));
        return new UnitStatistics(spread, offset / units, variance / units);
    }
}
