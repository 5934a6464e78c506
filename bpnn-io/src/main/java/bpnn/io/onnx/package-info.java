/** Networks for other programs, in the ONNX format. */
@NullMarked
package bpnn.io.onnx;

import org.jspecify.annotations.NullMarked;
