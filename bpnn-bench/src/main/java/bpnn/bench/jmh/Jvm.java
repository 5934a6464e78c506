package bpnn.bench.jmh;

/** Flags of the JVMs that JMH starts. */
final class Jvm {
    /** Loads the Vector API. */
    static final String VECTORS = "--add-modules=jdk.incubator.vector";

    private Jvm() {}
}
