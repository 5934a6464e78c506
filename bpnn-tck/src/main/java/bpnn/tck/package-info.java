/**
 * The conformance kit for backends. {@link bpnn.tck.Conformance} is the engine, {@link bpnn.tck.BackendConformanceTest}
 * the JUnit 5 test.
 */
@NullMarked
package bpnn.tck;

import org.jspecify.annotations.NullMarked;
