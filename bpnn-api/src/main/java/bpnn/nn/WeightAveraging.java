package bpnn.nn;

/** An average of the weights over the steps of a training, which is evaluated and kept instead of the last weights. */
public sealed interface WeightAveraging {
    /** The last weights are kept. */
    record None() implements WeightAveraging {}

    /**
     * The exponential moving average over the steps, a = δ a + (1 - δ) w from a = 0, divided by 1 - δᵗ after t steps (B. T.
     * Polyak and A. B. Juditsky, 1992; the correction as in Adam).
     *
     * @param decay δ, in (0, 1)
     */
    record Exponential(float decay) implements WeightAveraging {
        /** @throws IllegalArgumentException if the decay is not in (0, 1) */
        public Exponential {
            if (!(decay > 0 && decay < 1)) {
                throw new IllegalArgumentException(
                        "The decay of an average of the weights must be in (0, 1), but is " + decay);
            }
        }
    }

    /**
     * The mean of the weights at the end of each epoch in the last part of the training (P. Izmailov et al., "Averaging
     * weights leads to wider optima and better generalization", 2018, algorithm 1).
     *
     * @param share of the epochs that are averaged over, in (0, 1]
     */
    record Stochastic(double share) implements WeightAveraging {
        /** @throws IllegalArgumentException if the share is not in (0, 1] */
        public Stochastic {
            if (!(share > 0 && share <= 1)) {
                throw new IllegalArgumentException(
                        "The share of the epochs whose weights are averaged must be in (0, 1], but is " + share);
            }
        }

        /** The first epoch whose weights count, from 1; at least the last one does. */
        int firstEpoch(int epochs) {
            return Math.min(epochs, (int) Math.floor(epochs * (1 - share)) + 1);
        }
    }

    /** Whether a longer training has another average from the start. */
    default boolean dependsOnLength() {
        return this instanceof Stochastic;
    }
}
