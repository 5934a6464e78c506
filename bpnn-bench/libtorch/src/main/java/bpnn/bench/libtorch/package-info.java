/** The training by libtorch, to compare with. */
@NullMarked
package bpnn.bench.libtorch;

import org.jspecify.annotations.NullMarked;
