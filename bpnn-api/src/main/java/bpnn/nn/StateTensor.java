package bpnn.nn;

import java.util.List;

/**
 * A named tensor's content outside the backend, in PyTorch's layout: a Dense weight is [out, in], everything else a
 * vector.
 *
 * @param shape one or two sides
 * @param values row by row
 */
@SuppressWarnings(
        "ArrayRecordComponent") // a carrier of weights between file and backend; identity is the right equality
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

    /** A tensor with one side. */
    public static StateTensor vector(float... values) {
        return new StateTensor(List.of(values.length), values);
    }
}
