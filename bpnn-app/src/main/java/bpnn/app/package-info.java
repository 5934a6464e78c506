/** The program: from arguments to an exit code. It knows everything else here, and nothing knows it. */
@NullMarked
package bpnn.app;

import org.jspecify.annotations.NullMarked;
