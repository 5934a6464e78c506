package bpnn.nn;

import java.util.List;

/**
 * The values of a state tensor on the host, in PyTorch's layout: a Dense weight is [out, in], everything else a vector.
 *
 * @param shape one or two dimensions
 * @param values row-major
 */
@SuppressWarnings("ArrayRecordComponent") // carries weights between file and backend; identity equality is intended
public record StateTensor(List<Integer> shape, float[] values) {
    /** @throws IllegalArgumentException if shape and number of values disagree */
    public StateTensor {
        shape = List.copyOf(shape);
        long size = shape.stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b);
        if (size != values.length) {
            throw new IllegalArgumentException(
                    "A tensor of shape " + shape + " has " + size + " values, but " + values.length + " were given");
        }
    }

    /** A one-dimensional tensor. */
    public static StateTensor vector(float... values) {
        return new StateTensor(List.of(values.length), values);
    }
}
