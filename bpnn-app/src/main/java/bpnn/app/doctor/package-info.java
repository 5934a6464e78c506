/** What there is on this machine, and what is missing. */
@NullMarked
package bpnn.app.doctor;

import org.jspecify.annotations.NullMarked;
