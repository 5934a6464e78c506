/** The conformance kit: what a backend must do, as an engine for the command line and as a JUnit class to extend. */
module bpnn.tck {
    requires transitive bpnn.api;
    requires static org.jspecify;
    requires static transitive org.junit.jupiter.api;

    exports bpnn.tck;
    exports bpnn.tck.oracle;
}
