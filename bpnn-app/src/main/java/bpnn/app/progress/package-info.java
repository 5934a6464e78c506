/** What a person sees while training goes on. */
@NullMarked
package bpnn.app.progress;

import org.jspecify.annotations.NullMarked;
