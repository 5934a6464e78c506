package bpnn.lab.run;

import bpnn.nn.TrainingListener;
import java.util.ArrayList;
import java.util.List;

/**
 * The learning-rate range test (L. N. Smith, 2017): hears the losses of a training whose learning rate rises from step
 * to step, smooths them, and ends it when they have grown out of all proportion.
 */
public final class RangeTest implements TrainingListener {
    /** Weight of the past in the moving average of the losses. */
    private static final double SMOOTHING = 0.9;
    /** Training ends when the loss is so many times its least. */
    private static final double HOPELESS = 4;

    private final double first;
    private final double last;
    private final long steps;
    private final Runnable stop;
    private final List<Double> rates = new ArrayList<>();
    private final List<Double> losses = new ArrayList<>();
    private double average;
    private double least = Double.POSITIVE_INFINITY;

    /**
     * @param first learning rate of the first step
     * @param last learning rate of the last step
     * @param steps steps of the training
     * @param stop ends the training soon
     */
    public RangeTest(double first, double last, long steps, Runnable stop) {
        this.first = first;
        this.last = last;
        this.steps = steps;
        this.stop = stop;
    }

    @Override
    public void onSteps(int epoch, long firstStep, float[] values, int stepsLeft) {
        for (int i = 0; i < values.length && !isHopeless(); i++) {
            long step = firstStep + i;
            average = SMOOTHING * average + (1 - SMOOTHING) * values[i];
            double unbiased = average / (1 - StrictMath.pow(SMOOTHING, (double) step));
            rates.add(first * StrictMath.pow(last / first, (step - 1) / Math.max(1.0, steps - 1.0)));
            losses.add(unbiased);
            least = Math.min(least, unbiased);
        }
        if (isHopeless()) {
            stop.run();
        }
    }

    private boolean isHopeless() {
        return !losses.isEmpty() && losses.get(losses.size() - 1) > HOPELESS * least;
    }

    /** The learning rates that were tried, ascending. */
    public double[] rates() {
        return array(rates);
    }

    /** The smoothed loss at each of them. */
    public double[] losses() {
        return array(losses);
    }

    /** A tenth of the rate with the least loss: there the loss still falls, with room above. */
    public double suggestion() {
        return rates.get(losses.indexOf(least)) / 10;
    }

    private static double[] array(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
