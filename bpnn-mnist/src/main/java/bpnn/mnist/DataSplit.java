package bpnn.mnist;

import bpnn.data.Dataset;

/**
 * The two halves of a data set, and what identifies them in a record of a run.
 *
 * @param train images to learn from
 * @param test images to be judged by
 * @param trainSha256 SHA-256 over the training pixels followed by the training labels, as they lie in memory; 64
 *     lower-case hexadecimal digits
 * @param testSha256 the same for the test images
 */
public record DataSplit(Dataset train, Dataset test, String trainSha256, String testSha256) {

    /** Pairs two data sets and computes their sums. */
    public static DataSplit of(Dataset train, Dataset test) {
        return new DataSplit(
                train, test, Sha256.of(train.pixels(), train.labels()), Sha256.of(test.pixels(), test.labels()));
    }
}
