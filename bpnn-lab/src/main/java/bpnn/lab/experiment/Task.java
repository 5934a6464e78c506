package bpnn.lab.experiment;

/**
 * A piece of work whose result is kept in a folder of its own.
 *
 * @param arm how to train
 * @param seed decides initial weights, order of images and dropout
 * @param kind what is wanted
 */
public record Task(Arm arm, long seed, Kind kind) {

    /** What a task does. */
    public enum Kind {
        /** A whole training. */
        TRAINING,
        /** A short training for each of many learning rates. */
        RATES
    }

    /** Its name, and that of its folder. */
    public String name() {
        return arm.id() + (kind == Kind.RATES ? "-rates" : "") + "-seed-" + seed;
    }
}
