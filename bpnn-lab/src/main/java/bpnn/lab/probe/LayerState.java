package bpnn.lab.probe;

import bpnn.chart.Bins;
import bpnn.lab.statistics.UnitCorrelations;
import bpnn.lab.statistics.UnitStatistics;

/**
 * A layer around a training step. What a gradient or an update is measured for is the matrix of weights; everything else
 * is measured over a sample of validation images, nothing dropped, and is 0 for the output layer. z is what goes into
 * tanh (behind batch normalisation, if there is any), a = tanh(z).
 *
 * @param gradientNorm Euclidean norm of the step's gradient
 * @param updateRatio norm of the step's change, relative to the norm of the weights before it
 * @param saturated share of |a| > {@value #SATURATION}
 * @param sparse share of |a| below {@value #SILENCE}
 * @param spread standard deviation of z over units and images
 * @param meanOffset mean over the units of |mean of z over the images|
 * @param variance mean over the units of the variance of z over the images
 * @param correlation mean of |Pearson's r| over pairs of units' a
 * @param preactivations how often z fell into each bin of {@link Bins#PREACTIVATION}
 * @param activations how often a fell into each bin of {@link Bins#ACTIVATION}
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier of measurements; identity is the right equality
public record LayerState(
        double gradientNorm,
        double updateRatio,
        double saturated,
        double sparse,
        double spread,
        double meanOffset,
        double variance,
        double correlation,
        int[] preactivations,
        int[] activations) {
    /** Where tanh counts as flat: its slope 1 - a² is below 0.02 there. */
    public static final double SATURATION = 0.99;

    /** What counts as silent. */
    public static final double SILENCE = 0.1;

    /**
     * A hidden layer, apart from the step.
     *
     * @param before what goes into tanh, a row per image, a column per unit
     * @param behind what comes out of it
     * @param units columns
     * @param correlated units whose correlations are looked at, which takes long; 0 for none
     */
    static LayerState hidden(float[] before, float[] behind, int units, int correlated) {
        UnitStatistics statistics = UnitStatistics.of(before, units);
        int[] preactivations = new int[Bins.PREACTIVATION.count()];
        for (float z : before) {
            preactivations[Bins.PREACTIVATION.of(z)]++;
        }
        int[] activations = new int[Bins.ACTIVATION.count()];
        int saturated = 0;
        int silent = 0;
        for (float a : behind) {
            activations[Bins.ACTIVATION.of(a)]++;
            saturated += Math.abs(a) > SATURATION ? 1 : 0;
            silent += Math.abs(a) < SILENCE ? 1 : 0;
        }
        return new LayerState(
                0,
                0,
                (double) saturated / behind.length,
                (double) silent / behind.length,
                statistics.spread(),
                statistics.meanOffset(),
                statistics.variance(),
                correlated == 0
                        ? 0
                        : UnitCorrelations.of(behind, units, correlated).meanMagnitude(),
                preactivations,
                activations);
    }

    /** The output layer, apart from the step. */
    static LayerState output() {
        return new LayerState(0, 0, 0, 0, 0, 0, 0, 0, new int[0], new int[0]);
    }

    /** The same around a step. */
    LayerState withStep(double gradient, double change) {
        return new LayerState(
                gradient,
                change,
                saturated,
                sparse,
                spread,
                meanOffset,
                variance,
                correlation,
                preactivations,
                activations);
    }
}
