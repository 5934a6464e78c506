package bpnn.tensor;

import bpnn.tck.oracle.Float64Buffer;
import java.util.Arrays;

/** Reads and writes the float64 elements of a tensor on a {@link bpnn.tck.oracle.Float64Backend}. */
public record Float64View(Tensor tensor) {
    public double get(int index) {
        return Float64Buffer.values(tensor.matrix())[tensor.matrix().offset() + index];
    }

    public void set(int index, double value) {
        Float64Buffer.values(tensor.matrix())[tensor.matrix().offset() + index] = value;
    }

    public int size() {
        return tensor.shape().size();
    }

    public double[] copy() {
        int from = tensor.matrix().offset();
        return Arrays.copyOfRange(Float64Buffer.values(tensor.matrix()), from, from + size());
    }
}
