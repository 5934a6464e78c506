/** The wire format of Protocol Buffers. */
@NullMarked
package bpnn.io.protobuf;

import org.jspecify.annotations.NullMarked;
