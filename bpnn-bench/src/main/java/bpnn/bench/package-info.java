/** The training that is measured, and the peak that it is measured against. */
@NullMarked
package bpnn.bench;

import org.jspecify.annotations.NullMarked;
