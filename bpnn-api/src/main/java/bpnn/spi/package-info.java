/**
 * What a backend implements: memory, seven primitive kernels, and, where it pays, fused kernels whose definition is
 * {@link bpnn.spi.Composed}.
 */
@NullMarked
package bpnn.spi;

import org.jspecify.annotations.NullMarked;
