/**
 * How far trainings on two backends, or two finished runs, are apart. It knows runs and charts, and no experiments.
 */
@NullMarked
package bpnn.lab.comparison;

import org.jspecify.annotations.NullMarked;
