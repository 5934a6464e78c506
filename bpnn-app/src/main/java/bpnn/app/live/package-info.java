/** What a page shows of runs that learn, and how it comes to know. */
@NullMarked
package bpnn.app.live;

import org.jspecify.annotations.NullMarked;
