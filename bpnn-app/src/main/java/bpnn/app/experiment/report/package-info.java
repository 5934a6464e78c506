/** From finished runs to pictures, computed sentences and files. */
@NullMarked
package bpnn.app.experiment.report;

import org.jspecify.annotations.NullMarked;
