/** One command that measures everything the README's table shows, against other libraries where they are at hand. */
@NullMarked
package bpnn.bench.compare;

import org.jspecify.annotations.NullMarked;
