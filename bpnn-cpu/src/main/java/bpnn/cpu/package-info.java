/**
 * Kernels in pure Java: one definition, the same bits for scalar code, every vector width and any number of threads.
 */
@NullMarked
package bpnn.cpu;

import org.jspecify.annotations.NullMarked;
