package bpnn.spi;

/** How a backend may compute. */
public enum Numerics {
    /** Bit for bit what {@link Reference} and {@link Composed} define. */
    EXACT,
    /** Whatever the backend's library does, inside the error bounds of the conformance kit. */
    FAST
}
