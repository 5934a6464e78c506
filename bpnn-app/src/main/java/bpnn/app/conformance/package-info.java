/** What the conformance kit found, for people and for programs. */
@NullMarked
package bpnn.app.conformance;

import org.jspecify.annotations.NullMarked;
