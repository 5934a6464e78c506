/** The only source of random numbers: Philox4x32-10 with an explicit seed. */
@NullMarked
package bpnn.random;

import org.jspecify.annotations.NullMarked;
