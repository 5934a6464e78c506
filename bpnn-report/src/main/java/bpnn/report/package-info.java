/** What experiments show: chapters with claims, evidence and pictures, and the files that hold them. */
@NullMarked
package bpnn.report;

import org.jspecify.annotations.NullMarked;
