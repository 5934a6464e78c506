/** The wire format of Protocol Buffers. */
@NullMarked
package bpnn.app.protobuf;

import org.jspecify.annotations.NullMarked;
