/** Pictures in and out. */
@NullMarked
package bpnn.app.image;

import org.jspecify.annotations.NullMarked;
