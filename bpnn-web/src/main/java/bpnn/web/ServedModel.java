package bpnn.web;

import bpnn.data.Dataset;
import bpnn.io.model.Combination;
import bpnn.io.model.LoadedEnsemble;
import bpnn.io.model.LoadedModel;
import bpnn.io.model.Model;
import bpnn.nn.NetworkSpec;
import bpnn.nn.Prediction;
import bpnn.nn.StateTensor;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A trained network that reads what is drawn, or several that judge together; of these the page shows the units of the first.
 *
 * @param name what the page calls it
 * @param model itself, or the first
 * @param members all of them on a backend, for one thread at a time
 * @param combination what is averaged where there are several
 */
public record ServedModel(String name, Model model, List<LoadedModel> members, Combination combination) {
    public ServedModel {
        members = List.copyOf(members);
    }

    /** A single network. */
    public ServedModel(String name, Model model, LoadedModel loaded) {
        this(name, model, List.of(loaded), Combination.PROBABILITIES);
    }

    /** What the first network computes for an image, with the probabilities of all. */
    Prediction read(Dataset image) {
        Prediction first = members.get(0).read(image);
        if (members.size() == 1) {
            return first;
        }
        return new Prediction(first.hidden(), LoadedEnsemble.mean(members, combination, image)[0]);
    }

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
