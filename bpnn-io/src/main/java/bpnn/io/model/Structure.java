package bpnn.io.model;

import bpnn.data.DataException;
import bpnn.nn.StateTensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** The layers of a network, as its tensors tell them. */
record Structure(int inputs, List<Integer> hidden, int classes, boolean batchNorm) {

    /** @throws DataException if a tensor is missing, unexpected, or does not fit the others */
    static Structure of(Path file, SortedMap<String, StateTensor> tensors) {
        List<Integer> outputs = new ArrayList<>();
        int inputs = 0;
        StateTensor weight = tensors.get("fc1.weight");
        while (weight != null) {
            int layer = outputs.size() + 1;
            List<Integer> shape = weight.shape();
            if (shape.size() != 2 || shape.get(0) < 1 || shape.get(1) < 1) {
                throw fault(file, "tensor fc" + layer + ".weight has the shape " + shape + " instead of [out, in]");
            }
            inputs = layer == 1 ? shape.get(1) : inputs;
            outputs.add(shape.get(0));
            weight = tensors.get("fc" + (layer + 1) + ".weight");
        }
        if (outputs.isEmpty()) {
            throw fault(file, "tensor fc1.weight is missing");
        }
        int last = outputs.size() - 1;
        Structure structure = new Structure(
                inputs, List.copyOf(outputs.subList(0, last)), outputs.get(last), tensors.containsKey("bn1.weight"));
        structure.check(file, tensors);
        return structure;
    }

    private void check(Path file, SortedMap<String, StateTensor> tensors) {
        Map<String, List<Integer>> expected = expectedShapes();
        for (Map.Entry<String, List<Integer>> entry : expected.entrySet()) {
            StateTensor tensor = tensors.get(entry.getKey());
            if (tensor == null) {
                throw fault(file, "tensor " + entry.getKey() + " is missing");
            }
            if (!tensor.shape().equals(entry.getValue())) {
                throw fault(
                        file,
                        "tensor " + entry.getKey() + " has the shape " + tensor.shape() + " instead of "
                                + entry.getValue());
            }
        }
        for (String name : tensors.keySet()) {
            if (!expected.containsKey(name)) {
                throw fault(file, "tensor " + name + " belongs to no layer of this network");
            }
        }
    }

    private Map<String, List<Integer>> expectedShapes() {
        Map<String, List<Integer>> shapes = new LinkedHashMap<>();
        int before = inputs;
        for (int i = 0; i <= hidden.size(); i++) {
            boolean normalised = batchNorm && i < hidden.size();
            int units = i < hidden.size() ? hidden.get(i) : classes;
            String dense = "fc" + (i + 1);
            shapes.put(dense + ".weight", List.of(units, before));
            if (normalised) {
                for (String part : List.of("weight", "bias", "running_mean", "running_var")) {
                    shapes.put("bn" + (i + 1) + "." + part, List.of(units));
                }
            } else {
                shapes.put(dense + ".bias", List.of(units));
            }
            before = units;
        }
        return shapes;
    }

    private static DataException fault(Path file, String what) {
        return new DataException(file + " cannot be used: " + what + ".");
    }
}
