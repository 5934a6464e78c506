package bpnn.lab.statistics;

/**
 * A test image that was misread.
 *
 * @param image its number in the test set
 * @param read the class it was taken for; the number of classes where the network said nothing
 * @param confidence the probability that the network gave to that class
 */
public record Misread(int image, int read, double confidence) {}
