/** One run of the program: where it writes, what it was told about that, and how it ends. Used by everything else here. */
@NullMarked
package bpnn.app.session;

import org.jspecify.annotations.NullMarked;
