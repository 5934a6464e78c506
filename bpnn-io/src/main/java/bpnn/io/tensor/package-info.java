/** Tensors outside a backend, and the types of their elements in files. */
@NullMarked
package bpnn.io.tensor;

import org.jspecify.annotations.NullMarked;
