/** The choice of a backend among those that were found, with reasons for those that cannot be had. */
@NullMarked
package bpnn.backend;

import org.jspecify.annotations.NullMarked;
