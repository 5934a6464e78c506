/** Pictures in and out. */
@NullMarked
package bpnn.io.image;

import org.jspecify.annotations.NullMarked;
