package bpnn.bench;

/** A training that is carried out epoch by epoch. */
public interface Training extends AutoCloseable {
    /** The library and its versions. */
    String description();

    /**
     * Trains for one epoch, from the shuffling of the images to the last update.
     *
     * @return the mean loss
     */
    double epoch();

    @Override
    void close();
}
