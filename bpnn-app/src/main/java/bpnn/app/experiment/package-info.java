/** The three experiments: which arms they compare, how these are trained, observed and kept. */
@NullMarked
package bpnn.app.experiment;

import org.jspecify.annotations.NullMarked;
