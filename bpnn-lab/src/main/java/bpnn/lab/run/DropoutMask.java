package bpnn.lab.run;

/** What shares a dropout mask. */
public enum DropoutMask {
    PER_EXAMPLE,
    PER_BATCH
}
