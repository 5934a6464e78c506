package bpnn.nn;

import bpnn.tensor.Tensor;

/**
 * A trainable tensor.
 *
 * @param name as in the model file, such as {@code fc1.weight}
 * @param value in the backend's layout: a Dense weight is [in, out], so that every GEMM reads it along its rows
 * @param gradient gradient of the mean loss, same layout
 */
public record Parameter(String name, Tensor value, Tensor gradient) {
    /** Number of trainable values. */
    public int size() {
        return value.shape().size();
    }

    /** Whether it is the weight of a dense layer, not a bias or a parameter of batch normalisation. */
    boolean isDenseWeight() {
        return name.startsWith("fc") && name.endsWith(".weight");
    }
}
