package bpnn.nn;

/** The learning rate of each step, as a factor on the optimiser's learning rate; computed on the host in float64. */
public sealed interface LearningRateSchedule {
    /**
     * The factor of a step.
     *
     * @param step step number, from 1
     * @param stepsPerEpoch steps per epoch
     * @param totalSteps steps of the training
     */
    double factor(long step, int stepsPerEpoch, long totalSteps);

    /** Whether the factors depend on the length of the training, so that a longer one is another one from its first step. */
    default boolean dependsOnLength() {
        return false;
    }

    /** Always 1. */
    record Constant() implements LearningRateSchedule {
        @Override
        public double factor(long step, int stepsPerEpoch, long totalSteps) {
            return 1;
        }
    }

    /**
     * Multiplied by a decay factor every few epochs, as in PyTorch's StepLR.
     *
     * @param epochs epochs between two decays, at least 1
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

    /** Cosine annealing from 1 to 0 (I. Loshchilov and F. Hutter, "SGDR", 2017, equation 5, without restarts). */
    record Cosine() implements LearningRateSchedule {
        @Override
        public boolean dependsOnLength() {
            return true;
        }

        @Override
        public double factor(long step, int stepsPerEpoch, long totalSteps) {
            return (1 + StrictMath.cos(StrictMath.PI * (step - 1) / totalSteps)) / 2;
        }
    }

    /**
     * One cycle: rises linearly from 1 to a peak over the first part of the training, then anneals along a cosine to 0
     * at the end (L. N. Smith and N. Topin, "Super-Convergence", 2018, section 3; annealing as in PyTorch's
     * OneCycleLR).
     *
     * @param peak the maximum factor, at least 1
     * @param rise the fraction of steps that rise, in (0, 1)
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
        public boolean dependsOnLength() {
            return true;
        }

        @Override
        public double factor(long step, int stepsPerEpoch, long totalSteps) {
            double progress = (step - 1.0) / totalSteps;
            return progress < rise
                    ? 1 + (peak - 1) * progress / rise
                    : peak * (1 + StrictMath.cos(StrictMath.PI * (progress - rise) / (1 - rise))) / 2;
        }
    }

    /**
     * Linear warm-up from 1 / steps to 1, then another schedule.
     *
     * @param steps at least 1
     * @param then the schedule after the warm-up; its steps count from the start of the training
     */
    record WarmUp(long steps, LearningRateSchedule then) implements LearningRateSchedule {
        public WarmUp {
            if (steps < 1) {
                throw new IllegalArgumentException("A warm-up needs at least 1 step, but got " + steps);
            }
        }

        @Override
        public boolean dependsOnLength() {
            return then.dependsOnLength();
        }

        @Override
        public double factor(long step, int stepsPerEpoch, long totalSteps) {
            return step < steps ? (double) step / steps : then.factor(step, stepsPerEpoch, totalSteps);
        }
    }

    /**
     * Rises exponentially from 1 to a last factor: the learning-rate range test (L. N. Smith, "Cyclical
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
        public boolean dependsOnLength() {
            return true;
        }

        @Override
        public double factor(long step, int stepsPerEpoch, long totalSteps) {
            return StrictMath.pow(last, (step - 1) / Math.max(1.0, totalSteps - 1.0));
        }
    }
}
