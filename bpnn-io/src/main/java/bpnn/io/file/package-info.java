/** Files that appear whole or not at all. */
@NullMarked
package bpnn.io.file;

import org.jspecify.annotations.NullMarked;
