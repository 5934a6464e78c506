package bpnn.nn;

/**
 * The settings of a training.
 *
 * @param batchSize examples per step; the last step of an epoch takes the remainder
 * @param epochs passes over the training images
 * @param maxSteps stop after this many steps, even within an epoch; 0 for no limit
 * @param shuffle shuffle each epoch; otherwise file order, with the last partial batch dropped
 * @param optimizer update rule
 * @param seed seed of the image order
 * @param scaling scaling of the pixels
 * @param refinements optional extensions
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

    /** @throws IllegalArgumentException if there is nothing to train */
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

    /** The same with a limit on the number of steps. */
    public TrainingConfig ofSteps(long steps) {
        return new TrainingConfig(batchSize, epochs, steps, shuffle, optimizer, seed, scaling, refinements);
    }

    /** The same with another seed. */
    public TrainingConfig withSeed(long other) {
        return new TrainingConfig(batchSize, epochs, maxSteps, shuffle, optimizer, other, scaling, refinements);
    }

    /** Steps of the training. */
    long totalSteps(int stepsPerEpoch) {
        long all = (long) epochs * stepsPerEpoch;
        return maxSteps == 0 ? all : Math.min(maxSteps, all);
    }

    /**
     * Steps of an epoch over {@code images} images.
     *
     * @param smallestBatch a smaller last batch is dropped: 2 with batch normalisation, since one example has no
     *     variance
     */
    public int stepsPerEpoch(int images, int smallestBatch) {
        int left = images % batchSize;
        return images / batchSize + (shuffle && left >= smallestBatch ? 1 : 0);
    }
}
