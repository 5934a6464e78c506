/**
 * Experiments: which arms they compare, how these are trained, observed and kept. It knows runs and statistics, and draws
 * no conclusions; see module {@code bpnn.report}.
 */
@NullMarked
package bpnn.lab.experiment;

import org.jspecify.annotations.NullMarked;
