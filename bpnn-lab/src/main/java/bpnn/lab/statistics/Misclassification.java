package bpnn.lab.statistics;

/**
 * A misclassified test image.
 *
 * @param image its number in the test set
 * @param read the predicted class; the number of classes where no probability was a number
 * @param confidence the probability that the network gave to that class
 */
public record Misclassification(int image, int read, double confidence) {}
