package bpnn.lab.statistics;

import java.util.Arrays;

/** Estimates from a few seeds, taken as draws from a normal distribution (Student 1908, Welch 1947). */
public final class SeedStatistics {
    /** The 0.975 quantile of Student's t with 1, 2, ... degrees of freedom. */
    private static final double[] T = {
        12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281, 2.2010, 2.1788, 2.1604, 2.1448,
        2.1314, 2.1199, 2.1098, 2.1009, 2.0930, 2.0860, 2.0796, 2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518, 2.0484,
        2.0452, 2.0423
    };

    /** The same of the normal distribution. */
    private static final double Z = 1.959964;

    private SeedStatistics() {}

    /** The mean with its 95 % interval, over the values that are numbers; one value has no interval. */
    public static Interval mean(double... values) {
        Moments moments = Moments.of(values);
        double margin = t(moments.count - 1) * Math.sqrt(moments.meanVariance());
        return new Interval(moments.mean, moments.mean - margin, moments.mean + margin);
    }

    /** The geometric mean with its 95 % interval, for values whose ratios matter; those that are not positive are left out. */
    public static Interval geometricMean(double... values) {
        double[] logarithms = Arrays.stream(values)
                .map(value -> value > 0 ? StrictMath.log(value) : Double.NaN)
                .toArray();
        Interval mean = mean(logarithms);
        return new Interval(StrictMath.exp(mean.mean()), StrictMath.exp(mean.low()), StrictMath.exp(mean.high()));
    }

    /** The mean of {@code b} minus that of {@code a}, with its 95 % interval, by Welch's t. */
    public static Interval difference(double[] a, double[] b) {
        Moments first = Moments.of(a);
        Moments second = Moments.of(b);
        double difference = second.mean - first.mean;
        double va = first.meanVariance();
        double vb = second.meanVariance();
        double freedom = va + vb == 0
                ? first.count + second.count - 2
                : (va + vb) * (va + vb) / (va * va / (first.count - 1) + vb * vb / (second.count - 1));
        double margin = t(freedom) * Math.sqrt(va + vb);
        return new Interval(difference, difference - margin, difference + margin);
    }

    /** Rounds the degrees of freedom down, which widens the interval; NaN for less than one. */
    private static double t(double freedom) {
        if (!(freedom >= 1)) {
            return Double.NaN;
        }
        int whole = (int) Math.floor(freedom);
        // Beyond the table the first term of the expansion in 1 / freedom is exact to three digits.
        return whole <= T.length ? T[whole - 1] : Z + (Z * Z * Z + Z) / (4 * whole);
    }

    private record Moments(int count, double mean, double variance) {
        static Moments of(double... values) {
            int count = 0;
            double sum = 0;
            for (double value : values) {
                if (Double.isFinite(value)) {
                    count++;
                    sum += value;
                }
            }
            double mean = sum / count;
            double squares = 0;
            for (double value : values) {
                if (Double.isFinite(value)) {
                    squares += (value - mean) * (value - mean);
                }
            }
            return new Moments(count, mean, squares / (count - 1));
        }

        double meanVariance() {
            return variance / count;
        }
    }
}
