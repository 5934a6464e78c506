/** Model files in the safetensors format. */
@NullMarked
package bpnn.io.safetensors;

import org.jspecify.annotations.NullMarked;
