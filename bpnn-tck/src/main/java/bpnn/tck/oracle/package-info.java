/** The oracle: the same kernels in float64, with a float32 error bound for each element. */
@NullMarked
package bpnn.tck.oracle;

import org.jspecify.annotations.NullMarked;
