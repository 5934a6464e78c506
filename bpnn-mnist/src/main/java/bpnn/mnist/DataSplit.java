package bpnn.mnist;

import bpnn.data.Dataset;

/**
 * Training and test set of a data set, with hashes that identify them in the record of a run.
 *
 * @param train training images
 * @param test test images
 * @param trainSha256 SHA-256 over the training pixels followed by the training labels, as in memory; 64 lower-case
 *     hexadecimal digits
 * @param testSha256 the same for the test images
 */
public record DataSplit(Dataset train, Dataset test, String trainSha256, String testSha256) {

    /** Combines two data sets and computes their hashes. */
    public static DataSplit of(Dataset train, Dataset test) {
        return new DataSplit(
                train, test, Sha256.of(train.pixels(), train.labels()), Sha256.of(test.pixels(), test.labels()));
    }
}
