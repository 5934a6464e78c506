package bpnn.tck;

/** How a case ended. */
public enum Verdict {
    PASSED,
    FAILED,
    /** It asks for something that the backend does not claim, such as exactness in fast mode. */
    SKIPPED
}
