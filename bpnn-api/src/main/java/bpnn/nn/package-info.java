/** Networks. */
@NullMarked
package bpnn.nn;

import org.jspecify.annotations.NullMarked;
