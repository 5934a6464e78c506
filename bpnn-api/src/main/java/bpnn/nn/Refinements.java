package bpnn.nn;

/**
 * What a training may do beyond following its gradients. A value of 0 leaves a refinement out.
 *
 * @param schedule how the learning rate changes
 * @param labelSmoothing ε: targets become (1 - ε) t + ε / classes (C. Szegedy et al., 2016, section 7); in [0, 1)
 * @param clipNorm the greatest norm of all gradients together; a longer one is shortened (R. Pascanu et al., 2013)
 * @param l2 λ: the gradient grows by λ w, behind the clipping, as the weight decay of PyTorch's SGD
 * @param maxNorm the greatest norm of the weights that lead to a unit; after each step longer ones are shortened
 *     (N. Srivastava et al., JMLR 15, 2014, section 5.1)
 * @param patience training ends when the validation loss has not been its best for so many epochs; the best epoch's
 *     weights come back when training ends, unless it diverges
 */
public record Refinements(
        LearningRateSchedule schedule, float labelSmoothing, float clipNorm, float l2, float maxNorm, int patience) {
    /** A constant learning rate and nothing else. */
    public static final Refinements NONE = new Refinements(new LearningRateSchedule.Constant(), 0, 0, 0, 0, 0);

    public Refinements {
        Optimizer.checkShare("The label smoothing", labelSmoothing);
        checkNotNegative("The gradients' greatest norm", clipNorm);
        checkNotNegative("The weight decay", l2);
        checkNotNegative("The weights' greatest norm", maxNorm);
        checkNotNegative("The patience", patience);
    }

    private static void checkNotNegative(String name, float value) {
        if (!(value >= 0 && value < Float.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(name + " must be at least 0 and finite, but is " + value);
        }
    }
}
