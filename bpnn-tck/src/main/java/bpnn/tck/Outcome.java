package bpnn.tck;

import java.util.List;

/**
 * The operands after a call.
 *
 * @param contents the content of each operand, in the order of the call
 * @param damage sentences about elements outside the operands that were changed
 */
record Outcome(List<float[]> contents, List<String> damage) {}
