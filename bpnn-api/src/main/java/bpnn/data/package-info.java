/** Labelled images in memory. */
@NullMarked
package bpnn.data;

import org.jspecify.annotations.NullMarked;
