package bpnn.lab.run;

import bpnn.nn.TrainingListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The learning-rate range test (L. N. Smith, 2017): hears the losses of a training whose learning rate rises from step
 * to step, smooths them, and ends it when they have grown out of all proportion.
 */
public final class RangeTest implements TrainingListener {
    /** Weight of the past in the moving average of the losses. */
    private static final double SMOOTHING = 0.9;
    /** Training ends when the loss is so many times its least. */
    private static final double HOPELESS = 4;

    /** Below this share of the first loss, what is left is memory of the images. */
    private static final double REMEMBERED = 0.02;
    /** A loss that has risen this many times over its least is past it. */
    private static final double RISEN = 1.5;

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

    /** A tenth of the rate with the least loss: there the loss still falls, with room above. Empty if {@link #doubt} is not. */
    public OptionalDouble suggestion() {
        return doubt().isPresent() ? OptionalDouble.empty() : OptionalDouble.of(rates.get(losses.indexOf(least)) / 10);
    }

    /** Why the least loss says nothing of the rate it was reached at, as a sentence; empty if it does. */
    public Optional<String> doubt() {
        int best = losses.indexOf(least);
        int margin = losses.size() / 20;
        if (least < REMEMBERED * losses.get(0)) {
            return Optional.of(
                    "the loss fell to almost nothing, which tells how well few images are remembered and not which"
                            + " rate is good; take fewer steps (--sweep-steps) or more images");
        }
        if (best <= margin) {
            return Optional.of(
                    "the loss never fell below what it was in the beginning; begin with a smaller rate (--from)");
        }
        if (best >= losses.size() - 1 - margin && losses.get(losses.size() - 1) < RISEN * least) {
            return Optional.of("the loss still fell at the end of the range; go on to a greater rate (--to)");
        }
        return Optional.empty();
    }

    /** The rate where the smoothed loss falls fastest over the logarithm of the rate. */
    public double steepest() {
        int best = 0;
        double slope = Double.POSITIVE_INFINITY;
        // The moving average of the first steps is as noisy as they are.
        for (int i = Math.min(losses.size() - 1, losses.size() / 20 + 1); i < losses.size(); i++) {
            int after = Math.min(i + 1, losses.size() - 1);
            double fall = (losses.get(after) - losses.get(i - 1)) / (after - i + 1);
            if (fall < slope) {
                slope = fall;
                best = i;
            }
        }
        return rates.get(best);
    }

    /** The middle of the longest descent, as fastai's {@code valley}: a longest decreasing subsequence of the losses. */
    public double valley() {
        int[] length = new int[losses.size()];
        int end = 0;
        for (int i = 0; i < length.length; i++) {
            length[i] = 1;
            for (int j = 0; j < i; j++) {
                if (losses.get(i) < losses.get(j)) {
                    length[i] = Math.max(length[i], length[j] + 1);
                }
            }
            end = length[i] > length[end] ? i : end;
        }
        return rates.get(end - length[end] / 2);
    }

    private static double[] array(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
