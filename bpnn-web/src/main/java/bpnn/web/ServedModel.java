package bpnn.web;

import bpnn.io.model.LoadedModel;
import bpnn.io.model.Model;
import bpnn.nn.NetworkSpec;
import bpnn.nn.StateTensor;
import java.util.Arrays;
import java.util.Objects;

/**
 * A trained network that reads what is drawn.
 *
 * @param name what the page calls it
 * @param model itself
 * @param loaded itself on a backend, for one thread at a time
 */
public record ServedModel(String name, Model model, LoadedModel loaded) {
    NetworkSpec spec() {
        return model.spec();
    }

    /** What a unit of the first layer multiplies each pixel by; the layer's units are counted from 0. */
    float[] weights(int unit) {
        StateTensor weight = Objects.requireNonNull(model.state().get("fc1.weight"));
        int inputs = spec().inputs();
        return Arrays.copyOfRange(weight.values(), unit * inputs, (unit + 1) * inputs);
    }

    /** Units of the first layer, hidden or not. */
    int firstUnits() {
        return spec().hidden().isEmpty() ? spec().classes() : spec().hidden().get(0);
    }
}
