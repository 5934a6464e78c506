/** Chooses a backend among those found, with reasons for those that are unavailable. */
@NullMarked
package bpnn.backend;

import org.jspecify.annotations.NullMarked;
