/** Options that commands share, checked. */
@NullMarked
package bpnn.app.option;

import org.jspecify.annotations.NullMarked;
