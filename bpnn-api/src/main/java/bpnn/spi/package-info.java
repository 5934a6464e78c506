/**
 * The backend SPI: memory, seven primitive kernels, and optional fused kernels, defined by {@link bpnn.spi.Composed}.
 */
@NullMarked
package bpnn.spi;

import org.jspecify.annotations.NullMarked;
