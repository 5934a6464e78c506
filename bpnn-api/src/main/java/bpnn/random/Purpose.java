package bpnn.random;

/** What random words are drawn for: the first word of the Philox counter, so that no two uses share numbers. */
public enum Purpose {
    WEIGHTS(1),
    SHUFFLE(2),
    DROPOUT(3),
    AUGMENTATION(4),
    SYNTHETIC_DATA(5),
    STATISTICS(6);

    private final int code;

    Purpose(int code) {
        this.code = code;
    }

    /** The number that stands in the counter; fixed for ever, since it decides every drawn value. */
    public int code() {
        return code;
    }
}
