/** Audits of traced trainings: some of their segments are computed again, and hashes compared. */
@NullMarked
package bpnn.lab.audit;

import org.jspecify.annotations.NullMarked;
