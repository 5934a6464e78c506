/** Figures of samples and of units: means with intervals, proportions, bootstrap, correlations. They know numbers alone. */
@NullMarked
package bpnn.lab.statistics;

import org.jspecify.annotations.NullMarked;
