package bpnn.tck;

import java.util.List;

/**
 * What a call left behind.
 *
 * @param contents of each operand, in the order of the call
 * @param damage sentences about elements outside the operands that were changed
 */
record Outcome(List<float[]> contents, List<String> damage) {}
