/** NumPy's archives of arrays. */
@NullMarked
package bpnn.app.npz;

import org.jspecify.annotations.NullMarked;
