/** The training by DL4J, to compare with. */
@NullMarked
package bpnn.bench.dl4j;

import org.jspecify.annotations.NullMarked;
