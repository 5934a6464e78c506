/**
 * A training run: its plan, its folder with record, history and checkpoints, and its result. Used by everything else here;
 * it knows none of it.
 */
@NullMarked
package bpnn.lab.run;

import org.jspecify.annotations.NullMarked;
