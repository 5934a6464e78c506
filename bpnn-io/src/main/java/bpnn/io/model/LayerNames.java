package bpnn.io.model;

import bpnn.data.DataException;
import bpnn.io.file.NaturalOrder;
import bpnn.nn.StateTensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * From the names of other programs to {@code fc1.weight}, {@code bn1.running_mean} and so on: a prefix that all names share
 * is left out, and layers of any name are matched by their order and their shapes. A bias in front of batch
 * normalisation, which changes nothing but the mean that is taken off again, goes into the running mean.
 */
final class LayerNames {
    private static final String FIRST = "fc1.weight";
    private static final int LISTED = 12;
    private static final Pattern DENSE_BIAS = Pattern.compile("fc(\\d+)\\.bias");
    private static final Set<String> PARTS = Set.of("weight", "bias", "running_mean", "running_var");

    private final Path file;
    private final Consumer<String> conversion;

    /** @param conversion hears a sentence about each conversion */
    LayerNames(Path file, Consumer<String> conversion) {
        this.file = file;
        this.conversion = conversion;
    }

    /** @throws DataException if the names tell no layers */
    SortedMap<String, StateTensor> apply(SortedMap<String, StateTensor> tensors) {
        SortedMap<String, StateTensor> named = withoutPrefix(tensors);
        return withoutBiasBeforeBatchNorm(named.containsKey(FIRST) ? named : byOrder(named));
    }

    private SortedMap<String, StateTensor> withoutPrefix(SortedMap<String, StateTensor> tensors) {
        String first = tensors.isEmpty() ? "" : tensors.firstKey();
        String last = tensors.isEmpty() ? "" : tensors.lastKey();
        int common = 0;
        while (common < Math.min(first.length(), last.length()) && first.charAt(common) == last.charAt(common)) {
            common++;
        }
        String prefix = first.substring(0, first.lastIndexOf('.', common - 1) + 1);
        // One layer's own name is no prefix.
        if (prefix.isEmpty() || first.indexOf('.', prefix.length()) < 0) {
            return tensors;
        }
        conversion.accept(file + " has \"" + prefix + "\" in front of each name, which was left out.");
        SortedMap<String, StateTensor> result = new TreeMap<>();
        tensors.forEach((name, tensor) -> result.put(name.substring(prefix.length()), tensor));
        return result;
    }

    /** Layers in the order of their names, where numbers count as numbers. */
    private SortedMap<String, StateTensor> byOrder(SortedMap<String, StateTensor> tensors) {
        Map<String, Map<String, StateTensor>> layers = new TreeMap<>(NaturalOrder.INSTANCE);
        tensors.forEach((name, tensor) -> {
            int dot = name.lastIndexOf('.');
            layers.computeIfAbsent(dot < 0 ? "" : name.substring(0, dot), layer -> new TreeMap<>())
                    .put(name.substring(dot + 1), tensor);
        });
        List<Layer> dense = new ArrayList<>();
        List<Layer> batchNorms = new ArrayList<>();
        layers.forEach((name, parts) -> {
            StateTensor weight = parts.get("weight");
            if (weight != null && PARTS.containsAll(parts.keySet())) {
                boolean normalising = parts.containsKey("running_mean");
                (normalising ? batchNorms : dense).add(new Layer(name, weight.shape()));
            }
        });
        if (dense.size() + batchNorms.size() < layers.size() || !fitTogether(dense, batchNorms)) {
            throw unknown(tensors.keySet());
        }
        Map<String, String> names = new LinkedHashMap<>();
        for (int i = 0; i < dense.size(); i++) {
            names.put(dense.get(i).name, "fc" + (i + 1));
            if (i < batchNorms.size()) {
                names.put(batchNorms.get(i).name, "bn" + (i + 1));
            }
        }
        conversion.accept(file + " names its layers in its own way; by their order and shapes, "
                + names.entrySet().stream()
                        .map(name -> name.getKey() + " is " + name.getValue())
                        .collect(Collectors.joining(", "))
                + ".");
        SortedMap<String, StateTensor> result = new TreeMap<>();
        names.forEach((own, name) ->
                layers.getOrDefault(own, Map.of()).forEach((part, tensor) -> result.put(name + "." + part, tensor)));
        return result;
    }

    private record Layer(String name, List<Integer> weight) {}

    /** Whether each layer takes what the one before gives. */
    private static boolean fitTogether(List<Layer> dense, List<Layer> batchNorms) {
        if (dense.isEmpty() || (!batchNorms.isEmpty() && batchNorms.size() != dense.size() - 1)) {
            return false;
        }
        int before = 0;
        for (int i = 0; i < dense.size(); i++) {
            List<Integer> weight = dense.get(i).weight;
            if (weight.size() != 2 || (i > 0 && weight.get(1) != before)) {
                return false;
            }
            before = weight.get(0);
            if (i < batchNorms.size() && !batchNorms.get(i).weight.equals(List.of(before))) {
                return false;
            }
        }
        return true;
    }

    private DataException unknown(Collection<String> names) {
        if (names.stream().anyMatch(name -> name.startsWith("fc1."))) {
            return new DataException(file + " cannot be used: tensor " + FIRST + " is missing.");
        }
        String listed = names.stream().limit(LISTED).collect(Collectors.joining(", "));
        return new DataException(file + " cannot be used: tensor " + FIRST
                + " is missing, and what is there makes no chain of dense layers: "
                + (names.isEmpty() ? "no tensor at all" : listed)
                + (names.size() > LISTED ? " and " + (names.size() - LISTED) + " more" : "") + ".");
    }

    private SortedMap<String, StateTensor> withoutBiasBeforeBatchNorm(SortedMap<String, StateTensor> tensors) {
        SortedMap<String, StateTensor> result = new TreeMap<>(tensors);
        List<String> folded = new ArrayList<>();
        tensors.forEach((name, bias) -> {
            Matcher dense = DENSE_BIAS.matcher(name);
            String mean = dense.matches() ? "bn" + dense.group(1) + ".running_mean" : "";
            StateTensor running = tensors.get(mean);
            if (running != null && running.shape().equals(bias.shape())) {
                float[] values = running.values().clone();
                for (int i = 0; i < values.length; i++) {
                    values[i] -= bias.values()[i];
                }
                result.put(mean, new StateTensor(running.shape(), values));
                result.remove(name);
                folded.add(name);
            }
        });
        if (!folded.isEmpty()) {
            conversion.accept(
                    file + " has " + String.join(", ", folded)
                            + " in front of batch normalisation, where a bias only moves the mean; the running means took it in.");
        }
        return result;
    }
}
