/** Networks for other programs, in the ONNX format. */
@NullMarked
package bpnn.app.onnx;

import org.jspecify.annotations.NullMarked;
