/**
 * Charts, as pictures and on pages that need nothing else. Used by reports and comparisons; a chart knows its numbers and
 * not where they come from.
 */
@NullMarked
package bpnn.chart;

import org.jspecify.annotations.NullMarked;
