package bpnn.nn;

/** How the learning rate changes from step to step, as a factor on the optimiser's own; on the host, in float64. */
public sealed interface LearningRateSchedule {
    /**
     * The factor of a step.
     *
     * @param step number of the step, from 1
     * @param stepsPerEpoch steps of an epoch
     * @param totalSteps steps of the whole training
     */
    double factor(long step, int stepsPerEpoch, long totalSteps);

    /** Always 1. */
    record Constant() implements LearningRateSchedule {
        @Override
        public double factor(long step, int stepsPerEpoch, long totalSteps) {
            return 1;
        }
    }

    /**
     * Multiplied with a decay every so many epochs, as PyTorch's StepLR.
     *
     * @param epochs between two decays, at least 1
     * @param decay in (0, 1]
     */
    record Steps(int epochs, double decay) implements LearningRateSchedule {
        public Steps {
            if (epochs < 1 || !(decay > 0 && decay <= 1)) {
                throw new IllegalArgumentException("A schedule of steps needs at least 1 epoch between them and a decay"
                        + " in (0, 1], but got " + epochs + " and " + decay);
            }
        }

        @Override
        public double factor(long step, int stepsPerEpoch, long totalSteps) {
            long decays = (step - 1) / ((long) stepsPerEpoch * epochs);
            return StrictMath.pow(decay, (double) decays);
        }
    }

    /** Half a cosine from 1 down to 0 (I. Loshchilov and F. Hutter, "SGDR", 2017, equation 5, without restarts). */
    record Cosine() implements LearningRateSchedule {
        @Override
        public double factor(long step, int stepsPerEpoch, long totalSteps) {
            return (1 + StrictMath.cos(StrictMath.PI * (step - 1) / totalSteps)) / 2;
        }
    }

    /**
     * One cycle: rises evenly from 1 to a peak over the first share of the training, then falls along half a cosine to 0
     * at its end (L. N. Smith and N. Topin, "Super-Convergence", 2018, section 3; the falling half as in PyTorch's
     * OneCycleLR).
     *
     * @param peak the greatest factor, at least 1
     * @param rise the share of the steps that rise, in (0, 1)
     */
    record OneCycle(double peak, double rise) implements LearningRateSchedule {
        public OneCycle {
            if (!(peak >= 1 && peak < Double.POSITIVE_INFINITY && rise > 0 && rise < 1)) {
                throw new IllegalArgumentException(
                        "A cycle needs a peak of at least 1 and a share that rises in (0, 1)," + " but got " + peak
                                + " and " + rise);
            }
        }

        @Override
        public double factor(long step, int stepsPerEpoch, long totalSteps) {
            double done = (step - 1.0) / totalSteps;
            return done < rise
                    ? 1 + (peak - 1) * done / rise
                    : peak * (1 + StrictMath.cos(StrictMath.PI * (done - rise) / (1 - rise))) / 2;
        }
    }

    /**
     * Rises evenly from 1 / steps to 1 over the first steps, and follows another schedule from then on.
     *
     * @param steps at least 1
     * @param then counts its steps from the beginning of the training
     */
    record WarmUp(long steps, LearningRateSchedule then) implements LearningRateSchedule {
        public WarmUp {
            if (steps < 1) {
                throw new IllegalArgumentException("A warm-up needs at least 1 step, but got " + steps);
            }
        }

        @Override
        public double factor(long step, int stepsPerEpoch, long totalSteps) {
            return step < steps ? (double) step / steps : then.factor(step, stepsPerEpoch, totalSteps);
        }
    }

    /**
     * Rises evenly on a logarithmic scale from 1 to a last factor: the learning-rate range test (L. N. Smith, "Cyclical
     * learning rates", 2017, section 3.3).
     *
     * @param last factor of the last step, greater than 0
     */
    record Sweep(double last) implements LearningRateSchedule {
        public Sweep {
            if (!(last > 0)) {
                throw new IllegalArgumentException("A sweep needs a last factor greater than 0, but got " + last);
            }
        }

        @Override
        public double factor(long step, int stepsPerEpoch, long totalSteps) {
            return StrictMath.pow(last, (step - 1) / Math.max(1.0, totalSteps - 1.0));
        }
    }
}
