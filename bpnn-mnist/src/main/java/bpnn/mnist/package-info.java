/** Training data: MNIST, any folder with IDX files, or synthetic digits. */
@NullMarked
package bpnn.mnist;

import org.jspecify.annotations.NullMarked;
