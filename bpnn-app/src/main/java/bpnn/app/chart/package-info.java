/** Charts as pictures. */
@NullMarked
package bpnn.app.chart;

import org.jspecify.annotations.NullMarked;
