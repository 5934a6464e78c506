package bpnn.nn;

/** What a forward pass is for. */
public enum Mode {
    /** Dropout drops, batch normalisation uses the batch's statistics and moves the running ones. */
    TRAIN,
    /** Nothing random, running statistics: an example's result does not depend on the others in the batch. */
    EVALUATE
}
