/** Matrices with an owner, and the checked front door to a backend's kernels. */
@NullMarked
package bpnn.tensor;

import org.jspecify.annotations.NullMarked;
