/** JMH benchmarks, with the backend as a parameter. */
@NullMarked
package bpnn.bench.jmh;

import org.jspecify.annotations.NullMarked;
