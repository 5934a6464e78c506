/** Event files for TensorBoard. */
@NullMarked
package bpnn.app.tensorboard;

import org.jspecify.annotations.NullMarked;
