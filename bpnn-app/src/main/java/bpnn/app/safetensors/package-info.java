/** Model files in the safetensors format. */
@NullMarked
package bpnn.app.safetensors;

import org.jspecify.annotations.NullMarked;
