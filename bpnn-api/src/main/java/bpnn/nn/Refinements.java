package bpnn.nn;

import bpnn.spi.Distortion;

/**
 * Optional extensions of plain training: schedule, regularisation, early stopping, distorted images, averaged weights. A
 * value of 0 disables one.
 *
 * @param schedule learning-rate schedule
 * @param labelSmoothing ε: targets become (1 - ε) t + ε / classes (C. Szegedy et al., 2016, section 7); in [0, 1)
 * @param clipNorm maximum norm of all gradients together; a longer gradient is rescaled (R. Pascanu et al., 2013)
 * @param l2 λ: λ w is added to the gradient after clipping, like the weight decay of PyTorch's SGD
 * @param maxNorm maximum norm of the incoming weights of a unit; longer ones are rescaled after each step (N.
 *     Srivastava et al., JMLR 15, 2014, section 5.1)
 * @param patience training stops when the validation loss has not improved for this many epochs; the weights of the
 *     best epoch are restored at the end, unless training diverged
 * @param distortion random distortion of the training images, another one in each epoch
 * @param averaging average of the weights that is evaluated and kept
 */
public record Refinements(
        LearningRateSchedule schedule,
        float labelSmoothing,
        float clipNorm,
        float l2,
        float maxNorm,
        int patience,
        Distortion distortion,
        WeightAveraging averaging) {
    /** A constant learning rate, everything else disabled. */
    public static final Refinements NONE = new Refinements(new LearningRateSchedule.Constant(), 0, 0, 0, 0, 0);

    /** @throws IllegalArgumentException if a value is out of its range */
    public Refinements {
        Optimizer.checkFraction("The label smoothing", labelSmoothing);
        checkNotNegative("The maximum norm of the gradients", clipNorm);
        checkNotNegative("The weight decay", l2);
        checkNotNegative("The maximum norm of the weights", maxNorm);
        checkNotNegative("The patience", patience);
    }

    /** With images as they are, and the last weights. */
    public Refinements(
            LearningRateSchedule schedule,
            float labelSmoothing,
            float clipNorm,
            float l2,
            float maxNorm,
            int patience) {
        this(schedule, labelSmoothing, clipNorm, l2, maxNorm, patience, Distortion.NONE, new WeightAveraging.None());
    }

    /** The same with distorted images. */
    public Refinements with(Distortion other) {
        return new Refinements(schedule, labelSmoothing, clipNorm, l2, maxNorm, patience, other, averaging);
    }

    /** The same with an average of the weights. */
    public Refinements with(WeightAveraging other) {
        return new Refinements(schedule, labelSmoothing, clipNorm, l2, maxNorm, patience, distortion, other);
    }

    /** Whether a longer training is another one from its first step. */
    public boolean dependOnLength() {
        return schedule.dependsOnLength() || averaging.dependsOnLength();
    }

    private static void checkNotNegative(String name, float value) {
        if (!(value >= 0 && value < Float.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(name + " must be at least 0 and finite, but is " + value);
        }
    }
}
