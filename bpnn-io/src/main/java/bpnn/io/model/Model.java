package bpnn.io.model;

import bpnn.data.DataException;
import bpnn.io.npz.NpzReader;
import bpnn.io.safetensors.SafetensorsReader;
import bpnn.io.safetensors.SafetensorsWriter;
import bpnn.io.safetensors.TensorBytes;
import bpnn.io.safetensors.TensorFile;
import bpnn.nn.InputScaling;
import bpnn.nn.NetworkSpec;
import bpnn.nn.StateTensor;
import bpnn.spi.Activation;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A trained network outside a backend.
 *
 * @param spec its structure
 * @param scaling how its inputs are made of pixels
 * @param state its tensors by name
 */
public record Model(NetworkSpec spec, InputScaling scaling, SortedMap<String, StateTensor> state) {
    private static final String ACTIVATION = "activation";
    private static final String SCALE = "inputScale";
    private static final String SHIFT = "inputShift";

    /**
     * Reads a model. Its layers follow from its tensors; what they do not tell stands in the metadata.
     *
     * @param assumption hears what had to be assumed because the file does not say it
     * @throws DataException if the file is malformed or is no such network
     */
    public static Model read(Path file, Consumer<String> assumption) {
        if (hasEnding(file, ".onnx")) {
            throw new DataException(file + " is an ONNX graph, which is written for other programs and not read here;"
                    + " name the model.safetensors or the .npz that it was made from.");
        }
        TensorFile content =
                hasEnding(file, ".npz") ? TensorFile.of(Map.of(), NpzReader.read(file)) : SafetensorsReader.read(file);
        Structure structure = Structure.of(file, content.tensors());
        SortedMap<String, String> metadata = content.metadata();
        Activation activation = Activation.TANH;
        if (metadata.containsKey(ACTIVATION)) {
            activation = activation(file, metadata.getOrDefault(ACTIVATION, ""));
        } else {
            assumption.accept(file + " does not name its activation; tanh is assumed.");
        }
        InputScaling scaling = InputScaling.unit();
        if (metadata.containsKey(SCALE) && metadata.containsKey(SHIFT)) {
            scaling = new InputScaling(number(file, metadata, SCALE), number(file, metadata, SHIFT));
        } else {
            assumption.accept(file + " does not say how its inputs are scaled; pixels / 255 are assumed.");
        }
        NetworkSpec spec = new NetworkSpec(
                structure.inputs(),
                structure.hidden(),
                structure.classes(),
                activation,
                0,
                false,
                structure.batchNorm());
        return new Model(spec, scaling, content.tensors());
    }

    /**
     * Writes a model, whole or not at all.
     *
     * @param more metadata beside what {@link #read} needs
     */
    public void write(Path file, Map<String, String> more) {
        Map<String, String> metadata = new TreeMap<>(more);
        metadata.put("format", "pt");
        metadata.put(ACTIVATION, spec.activation().name().toLowerCase(Locale.ROOT));
        metadata.put(SCALE, Float.toString(scaling.scale()));
        metadata.put(SHIFT, Float.toString(scaling.shift()));
        SafetensorsWriter.write(file, TensorFile.of(metadata, state));
    }

    /** What tells two models apart: SHA-256 over the bytes of the tensors in the order of their names. */
    public String sha256() {
        return TensorBytes.sha256(state);
    }

    private static boolean hasEnding(Path file, String ending) {
        return file.toString().toLowerCase(Locale.ROOT).endsWith(ending);
    }

    private static Activation activation(Path file, String name) {
        for (Activation activation : Activation.values()) {
            if (activation.name().equalsIgnoreCase(name)) {
                return activation;
            }
        }
        throw new DataException(file + " cannot be used: it names the unknown activation \"" + name + "\".");
    }

    private static float number(Path file, SortedMap<String, String> metadata, String name) {
        String text = metadata.getOrDefault(name, "");
        try {
            float value = Float.parseFloat(text);
            if (Float.isFinite(value)) {
                return value;
            }
            throw new NumberFormatException("not finite");
        } catch (NumberFormatException e) {
            throw new DataException(
                    file + " cannot be used: its " + name + " is \"" + text + "\" instead of a finite number.", e);
        }
    }
}
