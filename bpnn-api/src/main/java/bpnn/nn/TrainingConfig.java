package bpnn.nn;

/**
 * How to train.
 *
 * @param batchSize examples in a step; the last step of an epoch takes what is left
 * @param epochs passes over the training images
 * @param maxSteps stop after so many steps, even inside an epoch; 0 for no limit
 * @param shuffle draw a new order each epoch; otherwise the order of the file, the last partial batch left out
 * @param optimizer how weights follow their gradients
 * @param seed the key of the order of images
 * @param scaling how pixels become inputs
 * @param refinements what else
 */
public record TrainingConfig(
        int batchSize,
        int epochs,
        long maxSteps,
        boolean shuffle,
        Optimizer optimizer,
        long seed,
        InputScaling scaling,
        Refinements refinements) {

    /** @throws IllegalArgumentException if there is nothing to do */
    public TrainingConfig {
        if (batchSize < 1 || epochs < 1 || maxSteps < 0) {
            throw new IllegalArgumentException(
                    "Training needs a batch size and a number of epochs of at least 1 and no negative number of steps,"
                            + " but got " + batchSize + ", " + epochs + " and " + maxSteps);
        }
    }

    /** Without refinements. */
    public TrainingConfig(
            int batchSize,
            int epochs,
            long maxSteps,
            boolean shuffle,
            Optimizer optimizer,
            long seed,
            InputScaling scaling) {
        this(batchSize, epochs, maxSteps, shuffle, optimizer, seed, scaling, Refinements.NONE);
    }

    /** The same, ended after so many steps. */
    public TrainingConfig ofSteps(long steps) {
        return new TrainingConfig(batchSize, epochs, steps, shuffle, optimizer, seed, scaling, refinements);
    }

    /** Steps of the whole training, of so many in an epoch. */
    long totalSteps(int stepsPerEpoch) {
        long all = (long) epochs * stepsPerEpoch;
        return maxSteps == 0 ? all : Math.min(maxSteps, all);
    }

    /**
     * Steps of an epoch over {@code images} images.
     *
     * @param smallestBatch a last batch with fewer images is left out: 2 with batch normalisation, which cannot take the
     *     statistics of one
     */
    public int stepsPerEpoch(int images, int smallestBatch) {
        int left = images % batchSize;
        return images / batchSize + (shuffle && left >= smallestBatch ? 1 : 0);
    }
}
