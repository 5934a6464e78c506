/**
 * Traces of trainings: chained hashes of the whole state at chosen steps, some of these states as files, and a signature.
 * The format is that of {@code docs/trace.md}.
 */
@NullMarked
package bpnn.lab.trace;

import org.jspecify.annotations.NullMarked;
