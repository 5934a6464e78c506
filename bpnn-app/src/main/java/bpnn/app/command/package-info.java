/** The commands. */
@NullMarked
package bpnn.app.command;

import org.jspecify.annotations.NullMarked;
