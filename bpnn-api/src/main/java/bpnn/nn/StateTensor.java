package bpnn.nn;

import java.util.List;

/** A tensor of a network's state. */
@SuppressWarnings("ArrayRecordComponent")
public record StateTensor(List<Integer> shape, float[] values) {}
