/**
 * The commands: they read options, ask other modules for the work, and say what came out. Nothing here computes.
 */
@NullMarked
package bpnn.app.command;

import org.jspecify.annotations.NullMarked;
