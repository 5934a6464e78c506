/** Layers, loss, optimisers, and the training of a multi-layer perceptron. */
@NullMarked
package bpnn.nn;

import org.jspecify.annotations.NullMarked;
