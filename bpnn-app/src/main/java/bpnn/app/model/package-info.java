/** Trained networks in files. */
@NullMarked
package bpnn.app.model;

import org.jspecify.annotations.NullMarked;
