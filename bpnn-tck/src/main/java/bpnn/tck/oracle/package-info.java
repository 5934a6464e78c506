/** The yardstick: the same kernels in float64, with a bound of the error that float32 may make in each element. */
@NullMarked
package bpnn.tck.oracle;

import org.jspecify.annotations.NullMarked;
