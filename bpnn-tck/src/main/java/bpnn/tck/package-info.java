/**
 * The conformance kit for backends. {@link bpnn.tck.Conformance} runs it from a program, {@link
 * bpnn.tck.BackendConformanceTest} from JUnit 5.
 */
@NullMarked
package bpnn.tck;

import org.jspecify.annotations.NullMarked;
