/** Event files for TensorBoard. */
@NullMarked
package bpnn.io.tensorboard;

import org.jspecify.annotations.NullMarked;
