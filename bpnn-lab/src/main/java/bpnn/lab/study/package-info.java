/**
 * The studies of the program, a file each: arms, claims, charts, and what was published. They know reports, and nothing
 * here knows them.
 */
@NullMarked
package bpnn.lab.study;

import org.jspecify.annotations.NullMarked;
