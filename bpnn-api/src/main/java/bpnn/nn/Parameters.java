package bpnn.nn;

import bpnn.tensor.Shape;
import bpnn.tensor.Tensor;
import bpnn.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * All trainable values of a network in one block and all gradients in another, so that an optimiser step is one kernel.
 * Each parameter starts at a multiple of {@value #ALIGNMENT} elements; the padding stays zero.
 */
public final class Parameters {
    private static final int ALIGNMENT = 64;

    private final List<Parameter> list = new ArrayList<>();
    private final Tensor values;
    private final Tensor gradients;

    /** @param shapes the shape of each parameter by name, in the order of the layers */
    Parameters(TensorScope scope, Map<String, Shape> shapes) {
        int total = 0;
        for (Shape shape : shapes.values()) {
            total = Math.addExact(total, padded(shape));
        }
        values = scope.zeros(1, total);
        gradients = scope.zeros(1, total);
        int start = 0;
        for (Map.Entry<String, Shape> entry : shapes.entrySet()) {
            Shape shape = entry.getValue();
            list.add(new Parameter(entry.getKey(), values.view(start, shape), gradients.view(start, shape)));
            start += padded(shape);
        }
    }

    private static int padded(Shape shape) {
        return Math.addExact(shape.size(), ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    /** Every parameter, in the order of the layers. */
    public List<Parameter> list() {
        return List.copyOf(list);
    }

    /** @throws IllegalArgumentException if there is no parameter of that name */
    public Parameter get(String name) {
        return list.stream()
                .filter(parameter -> parameter.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no parameter named " + name));
    }

    /** The block of all values, [1, total]. */
    public Tensor values() {
        return values;
    }

    /** The block of all gradients, [1, total]. */
    public Tensor gradients() {
        return gradients;
    }

    /** Number of trainable values. */
    public int count() {
        return list.stream().mapToInt(Parameter::size).sum();
    }
}
