package bpnn.lab.probe;

import java.util.List;

/**
 * The network around a step.
 *
 * @param epochs training done before it, in epochs
 * @param layers hidden layers, and the output layer at the end
 */
public record Probe(double epochs, List<LayerState> layers) {}
