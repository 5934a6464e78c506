/** Where the values of options come from when the command line does not give them. */
@NullMarked
package bpnn.app.config;

import org.jspecify.annotations.NullMarked;
