/** The manual, made of the commands' own descriptions. */
@NullMarked
package bpnn.app.manual;

import org.jspecify.annotations.NullMarked;
