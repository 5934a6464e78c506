/** The program: its terminal, its exit codes. */
@NullMarked
package bpnn.app;

import org.jspecify.annotations.NullMarked;
