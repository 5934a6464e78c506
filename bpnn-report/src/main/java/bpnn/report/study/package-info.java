/**
 * The studies of the program, a file each: arms, claims, charts, and what was published. They use reports, and nothing
 * here uses them.
 */
@NullMarked
package bpnn.report.study;

import org.jspecify.annotations.NullMarked;
