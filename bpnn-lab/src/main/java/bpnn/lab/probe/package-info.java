/** Looks into a network in training without changing a bit of it. */
@NullMarked
package bpnn.lab.probe;

import org.jspecify.annotations.NullMarked;
