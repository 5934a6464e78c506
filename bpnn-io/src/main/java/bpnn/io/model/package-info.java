/** Trained networks in files. */
@NullMarked
package bpnn.io.model;

import org.jspecify.annotations.NullMarked;
