/**
 * A page to draw digits on, and the small server behind it. {@link bpnn.web.DrawingServer} is all that a program needs; it
 * serves networks that somebody else has loaded, and writes to no terminal.
 */
@NullMarked
package bpnn.web;

import org.jspecify.annotations.NullMarked;
