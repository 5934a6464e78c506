/** Trainings of one configuration on several backends, and how far apart they come out. */
@NullMarked
package bpnn.app.comparison;

import org.jspecify.annotations.NullMarked;
