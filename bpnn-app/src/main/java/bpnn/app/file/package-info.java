/** Files that appear whole or not at all. */
@NullMarked
package bpnn.app.file;

import org.jspecify.annotations.NullMarked;
