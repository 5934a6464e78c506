/** What a few seeds and ten thousand test images can tell, and what they cannot. */
@NullMarked
package bpnn.app.experiment.statistics;

import org.jspecify.annotations.NullMarked;
