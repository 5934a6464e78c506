/** A training run and its record. */
@NullMarked
package bpnn.app.run;

import org.jspecify.annotations.NullMarked;
