/** One command that measures everything that the tables of the CPU in docs/performance.md show, against other libraries where they are at hand. */
@NullMarked
package bpnn.bench.compare;

import org.jspecify.annotations.NullMarked;
