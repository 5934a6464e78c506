/**
 * Many runs that need nothing from each other: carried out here or on a cluster, by the same code and with the same results.
 */
@NullMarked
package bpnn.lab.work;

import org.jspecify.annotations.NullMarked;
