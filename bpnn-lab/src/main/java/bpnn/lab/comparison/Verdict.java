package bpnn.lab.comparison;

/** What two trainings are to each other. */
public enum Verdict {
    /** Every bit of the weights is the same. */
    SAME_BITS,
    /** Other bits, but nothing that float32 roundings do not explain. */
    AGREE,
    /** More than that. */
    DIFFER,
    /** They were given something else to do. */
    OTHER_TRAININGS
}
