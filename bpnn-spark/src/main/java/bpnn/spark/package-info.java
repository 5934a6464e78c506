/** Carries the runs of sweeps and experiments out on Apache Spark: one run a task. */
@NullMarked
package bpnn.spark;

import org.jspecify.annotations.NullMarked;
