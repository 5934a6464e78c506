package bpnn.spi;

/** The numerical guarantee of a backend. */
public enum Numerics {
    /** Bit-identical to {@link Reference} and {@link Composed}. */
    EXACT,
    /** Whatever the backend's libraries compute, within the error bounds of the conformance kit. */
    FAST
}
