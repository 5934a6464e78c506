/** A page to draw digits on, and the small server behind it. */
@NullMarked
package bpnn.app.serve;

import org.jspecify.annotations.NullMarked;
