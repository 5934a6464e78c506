package bpnn.lab.experiment;

/**
 * The figures of an epoch.
 *
 * @param epoch its number, from 1
 * @param trainLoss mean loss over the epoch's steps, as they came: with dropout, while the weights change
 * @param fittedLoss loss of the network after the epoch on a sample of the training images, nothing dropped
 * @param fittedAccuracy accuracy on the same sample
 * @param validationLoss loss on the validation images
 * @param validationAccuracy accuracy on the validation images
 */
public record EpochFigures(
        int epoch,
        double trainLoss,
        double fittedLoss,
        double fittedAccuracy,
        double validationLoss,
        double validationAccuracy) {}
