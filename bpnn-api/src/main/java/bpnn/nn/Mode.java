package bpnn.nn;

/** The mode of a forward pass. */
public enum Mode {
    /** Dropout is active; batch normalisation uses batch statistics and updates the running ones. */
    TRAIN,
    /** Dropout is off; batch normalisation uses running statistics, so examples do not affect each other. */
    EVALUATE
}
