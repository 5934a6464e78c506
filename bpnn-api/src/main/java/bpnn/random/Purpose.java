package bpnn.random;

/** The purpose of a random stream: the first word of the Philox counter, so that no two uses share random numbers. */
public enum Purpose {
    WEIGHTS(1),
    SHUFFLE(2),
    DROPOUT(3),
    AUGMENTATION(4),
    SYNTHETIC_DATA(5),
    STATISTICS(6),
    SPLIT(7),
    AUDIT(8),
    SWEEP(9);

    private final int code;

    Purpose(int code) {
        this.code = code;
    }

    /** The value of the counter word. Never change one: every random number depends on it. */
    public int code() {
        return code;
    }
}
