package bpnn.lab.statistics;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * How alike the units of a layer behave.
 *
 * @param r Pearson's correlation coefficient of each pair of units over some images; NaN for pairs with a unit that never
 *     changes
 */
@SuppressWarnings("ArrayRecordComponent") // a table that is filled once; identity is the right equality
public record UnitCorrelations(double[][] r) {
    private static final int ITERATIONS = 200;

    /**
     * @param values a row per image, a column per unit
     * @param units columns
     * @param most only the first so many of them are looked at
     */
    public static UnitCorrelations of(float[] values, int units, int most) {
        double[][] standardised = standardised(values, units, Math.min(units, most));
        double[][] r = new double[standardised.length][standardised.length];
        for (int i = 0; i < r.length; i++) {
            for (int j = 0; j <= i; j++) {
                r[i][j] = dot(standardised[i], standardised[j]);
                r[j][i] = r[i][j];
            }
        }
        return new UnitCorrelations(r);
    }

    /** The mean of |r| over all pairs of two units; 0 if there is none. */
    public double meanMagnitude() {
        double sum = 0;
        long pairs = 0;
        for (int i = 0; i < r.length; i++) {
            for (int j = 0; j < i; j++) {
                if (Double.isFinite(r[i][j])) {
                    sum += Math.abs(r[i][j]);
                    pairs++;
                }
            }
        }
        return pairs == 0 ? 0 : sum / pairs;
    }

    /**
     * The same with the units in the order of their entries in the leading eigenvector, found by power iteration: units
     * that behave alike stand together, and those that do the opposite at the other end.
     */
    public UnitCorrelations ordered() {
        double[] vector = new double[r.length];
        Arrays.setAll(vector, unit -> 1 + 1.0 / (unit + 1));
        for (int i = 0; i < ITERATIONS; i++) {
            double[] product = times(vector);
            double norm = Math.sqrt(dot(product, product));
            if (!(norm > 0)) {
                break;
            }
            Arrays.setAll(vector, unit -> product[unit] / norm);
        }
        int[] order = IntStream.range(0, r.length)
                .boxed()
                .sorted(Comparator.comparingDouble(unit -> vector[unit]))
                .mapToInt(unit -> unit)
                .toArray();
        double[][] sorted = new double[r.length][r.length];
        for (int i = 0; i < r.length; i++) {
            for (int j = 0; j < r.length; j++) {
                sorted[i][j] = r[order[i]][order[j]];
            }
        }
        return new UnitCorrelations(sorted);
    }

    /** The matrix times a vector, pairs without a correlation counted as 0. */
    private double[] times(double[] vector) {
        double[] product = new double[r.length];
        for (int i = 0; i < r.length; i++) {
            for (int j = 0; j < r.length; j++) {
                product[i] += Double.isFinite(r[i][j]) ? r[i][j] * vector[j] : 0;
            }
        }
        return product;
    }

    /** A row per unit, with mean 0 and Euclidean norm 1; NaN where its values are all the same. */
    private static double[][] standardised(float[] values, int units, int used) {
        int images = values.length / units;
        double[] means = new double[used];
        for (int row = 0; row < values.length; row += units) {
            for (int unit = 0; unit < used; unit++) {
                means[unit] += values[row + unit] / images;
            }
        }
        double[][] result = new double[used][images];
        double[] squares = new double[used];
        for (int image = 0; image < images; image++) {
            for (int unit = 0; unit < used; unit++) {
                double value = values[image * units + unit] - means[unit];
                result[unit][image] = value;
                squares[unit] += value * value;
            }
        }
        for (int unit = 0; unit < used; unit++) {
            double scale = squares[unit] > 1e-12 * images ? 1 / Math.sqrt(squares[unit]) : Double.NaN;
            for (int image = 0; image < images; image++) {
                result[unit][image] *= scale;
            }
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
