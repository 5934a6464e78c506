/** NumPy's archives of arrays. */
@NullMarked
package bpnn.io.npz;

import org.jspecify.annotations.NullMarked;
