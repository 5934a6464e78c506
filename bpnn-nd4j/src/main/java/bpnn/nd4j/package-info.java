/** The ND4J backend, a plug-in: the primitives on ND4J's arrays. */
@NullMarked
package bpnn.nd4j;

import org.jspecify.annotations.NullMarked;
