package bpnn.nn;

/**
 * Optional extensions of plain training: schedule, regularisation, early stopping. A value of 0 disables one.
 *
 * @param schedule learning-rate schedule
 * @param labelSmoothing ε: targets become (1 - ε) t + ε / classes (C. Szegedy et al., 2016, section 7); in [0, 1)
 * @param clipNorm maximum norm of all gradients together; a longer gradient is rescaled (R. Pascanu et al., 2013)
 * @param l2 λ: λ w is added to the gradient after clipping, like the weight decay of PyTorch's SGD
 * @param maxNorm maximum norm of the incoming weights of a unit; longer ones are rescaled after each step (N.
 *     Srivastava et al., JMLR 15, 2014, section 5.1)
 * @param patience training stops when the validation loss has not improved for this many epochs; the weights of the
 *     best epoch are restored at the end, unless training diverged
 */
public record Refinements(
        LearningRateSchedule schedule, float labelSmoothing, float clipNorm, float l2, float maxNorm, int patience) {
    /** A constant learning rate, everything else disabled. */
    public static final Refinements NONE = new Refinements(new LearningRateSchedule.Constant(), 0, 0, 0, 0, 0);

    public Refinements {
        Optimizer.checkFraction("The label smoothing", labelSmoothing);
        checkNotNegative("The maximum norm of the gradients", clipNorm);
        checkNotNegative("The weight decay", l2);
        checkNotNegative("The maximum norm of the weights", maxNorm);
        checkNotNegative("The patience", patience);
    }

    private static void checkNotNegative(String name, float value) {
        if (!(value >= 0 && value < Float.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(name + " must be at least 0 and finite, but is " + value);
        }
    }
}
