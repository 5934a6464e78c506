/** Backends from the class path and from jars. */
@NullMarked
package bpnn.app.plugin;

import org.jspecify.annotations.NullMarked;
