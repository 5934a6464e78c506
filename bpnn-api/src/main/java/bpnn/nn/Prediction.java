package bpnn.nn;

import java.util.List;

/**
 * The prediction of a network for one image.
 *
 * @param hidden output of each hidden layer, from first to last; one value per unit
 * @param probabilities class probabilities
 */
@SuppressWarnings("ArrayRecordComponent") // carries numbers; identity equality is intended
public record Prediction(List<float[]> hidden, float[] probabilities) {}
