/** Sweeps: many trainings over a space of options, ranked by what they reach on the validation images. */
@NullMarked
package bpnn.lab.sweep;

import org.jspecify.annotations.NullMarked;
