package bpnn.nn;

import java.util.List;

/**
 * What a network makes of one image.
 *
 * @param hidden what each hidden layer gives to the next layer, from the first to the last; one value per unit
 * @param probabilities of the classes
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier of numbers; identity is the right equality
public record Reading(List<float[]> hidden, float[] probabilities) {}
