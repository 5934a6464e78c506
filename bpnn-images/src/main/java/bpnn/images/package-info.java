/** Data sets of images: read from whatever they lie in, fetched by name, and inspected. */
@NullMarked
package bpnn.images;

import org.jspecify.annotations.NullMarked;
