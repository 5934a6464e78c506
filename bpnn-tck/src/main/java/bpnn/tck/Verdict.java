package bpnn.tck;

/** The verdict on a case. */
public enum Verdict {
    PASSED,
    FAILED,
    /** The backend does not claim the property, such as exactness in fast mode. */
    SKIPPED
}
