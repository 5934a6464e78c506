package bpnn.io.model;

import bpnn.data.DataException;
import bpnn.data.Dataset;
import bpnn.data.ImageFormat;
import bpnn.io.file.Word;
import bpnn.io.npz.NpzReader;
import bpnn.io.safetensors.SafetensorsReader;
import bpnn.io.safetensors.SafetensorsWriter;
import bpnn.io.tensor.TensorBytes;
import bpnn.io.tensor.TensorFile;
import bpnn.nn.ActivationFunction;
import bpnn.nn.DropoutRates;
import bpnn.nn.InputScaling;
import bpnn.nn.NetworkSpec;
import bpnn.nn.StateTensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A trained network outside a backend.
 *
 * @param spec its structure
 * @param format the images that it takes, and the classes that it tells apart
 * @param scaling how its inputs are made of pixels
 * @param state its tensors by name
 */
public record Model(NetworkSpec spec, ImageFormat format, InputScaling scaling, SortedMap<String, StateTensor> state) {
    private static final String ACTIVATION = "activation";
    private static final String SCALE = "inputScale";
    private static final String SHIFT = "inputShift";
    private static final float NEAR = 0.05f;

    /** A network of which it is not known what images it takes: those of MNIST, if it has as many inputs. */
    public Model(NetworkSpec spec, InputScaling scaling, SortedMap<String, StateTensor> state) {
        this(spec, ImageFormat.assumed(spec.inputs(), spec.classes()), scaling, state);
    }

    /** Hears of what had to be done so that a file of another program could be used. */
    @FunctionalInterface
    public interface ReadListener {
        /** Something was assumed, because the file does not say it. */
        void onAssumption(String sentence);

        /** Something was converted, and the network is the same. */
        default void onConversion(String sentence) {}
    }

    /**
     * What is known of a network although its file may not say it.
     *
     * @param activation of hidden layers; null if unknown
     * @param scaling of inputs; null if unknown
     */
    public record Known(
            @Nullable ActivationFunction activation,
            @Nullable InputScaling scaling) {
        /** Nothing. */
        public static final Known NOTHING = new Known(null, null);
    }

    /** Reads a model of which nothing else is known; see {@link #read(Path, Known, ReadListener)}. */
    public static Model read(Path file, ReadListener listener) {
        return read(file, Known.NOTHING, listener);
    }

    /**
     * Reads a model. Its layers follow from its tensors; what they do not tell stands in the metadata. Names and types of
     * other programs are understood where they leave no doubt.
     *
     * @param known stands in for what the file does not say
     * @throws DataException if the file is malformed, is no such network, holds numbers that are not finite, or contradicts
     *     what is known
     */
    public static Model read(Path file, Known known, ReadListener listener) {
        if (hasEnding(file, ".onnx")) {
            throw new DataException(file + " is an ONNX graph, which is written for other programs and not read here;"
                    + " name the model.safetensors or the .npz that it was made from.");
        }
        TensorFile content = hasEnding(file, ".npz") ? NpzReader.read(file) : SafetensorsReader.read(file);
        if (!content.converted().isEmpty()) {
            listener.onConversion(file + " holds "
                    + content.converted().stream().sorted().map(String::valueOf).collect(Collectors.joining(" and "))
                    + " numbers, which were converted to float32.");
        }
        checkFinite(file, content.tensors());
        SortedMap<String, StateTensor> tensors = new LayerNames(file, listener::onConversion).apply(content.tensors());
        Structure structure = Structure.of(file, tensors);
        SortedMap<String, String> metadata = content.metadata();
        NetworkSpec spec = new NetworkSpec(
                structure.inputs(),
                structure.hidden(),
                structure.classes(),
                activation(file, metadata, known.activation, listener),
                DropoutRates.NONE,
                false,
                structure.batchNorm());
        return new Model(
                spec,
                FormatMetadata.read(file, metadata, spec),
                scaling(file, metadata, known.scaling, listener),
                tensors);
    }

    private static void checkFinite(Path file, SortedMap<String, StateTensor> tensors) {
        tensors.forEach((name, tensor) -> {
            float[] values = tensor.values();
            for (int i = 0; i < values.length; i++) {
                boolean variance = name.endsWith("running_var");
                if (!Float.isFinite(values[i]) || (variance && values[i] < 0)) {
                    throw new DataException(file + " cannot be used: tensor " + name + " holds " + values[i] + " at "
                            + index(tensor.shape(), i)
                            + (Float.isFinite(values[i])
                                    ? "; a variance is not negative."
                                    : "; weights are finite float32 numbers."));
                }
            }
        });
    }

    /** The place of an element in a tensor of any rank, row by row. */
    private static List<Integer> index(List<Integer> shape, int position) {
        List<Integer> index = new ArrayList<>();
        int rest = position;
        for (int side = shape.size() - 1; side >= 0; side--) {
            index.add(0, rest % shape.get(side));
            rest /= shape.get(side);
        }
        return index;
    }

    private static ActivationFunction activation(
            Path file, SortedMap<String, String> metadata, @Nullable ActivationFunction known, ReadListener listener) {
        String name = metadata.get(ACTIVATION);
        if (name == null) {
            if (known == null) {
                listener.onAssumption(file + " does not name its activation; tanh is assumed.");
            }
            return known == null ? ActivationFunction.TANH : known;
        }
        ActivationFunction activation = activation(file, name);
        if (known != null && known != activation) {
            throw new DataException(file + " says that its activation is " + Word.of(activation) + ", so "
                    + Word.of(known) + " would not give what was trained.");
        }
        return activation;
    }

    private static InputScaling scaling(
            Path file, SortedMap<String, String> metadata, @Nullable InputScaling known, ReadListener listener) {
        if (!metadata.containsKey(SCALE) || !metadata.containsKey(SHIFT)) {
            if (known == null) {
                listener.onAssumption(file + " does not say how its inputs are scaled; pixels / 255 are assumed.");
            }
            return known == null ? InputScaling.unit() : known;
        }
        InputScaling scaling = new InputScaling(number(file, metadata, SCALE), number(file, metadata, SHIFT));
        if (known != null && !isNear(known, scaling)) {
            throw new DataException(file + " says that its inputs are pixel * " + scaling.scale() + " + "
                    + scaling.shift() + ", so pixel * " + known.scale() + " + " + known.shift()
                    + " would not give what was trained.");
        }
        return scaling;
    }

    /** Standardised by other images of the same kind is no contradiction. */
    private static boolean isNear(InputScaling a, InputScaling b) {
        return Math.abs(a.scale() - b.scale()) <= NEAR * Math.abs(b.scale()) && Math.abs(a.shift() - b.shift()) <= NEAR;
    }

    /**
     * Writes a model as safetensors, whole or not at all.
     *
     * @param more metadata beside what {@link #read} needs
     */
    public void write(Path file, Map<String, String> more) {
        SortedMap<String, String> metadata = new TreeMap<>(more);
        metadata.put("format", "pt");
        metadata.putAll(content().metadata());
        SafetensorsWriter.write(file, new TensorFile(metadata, state));
    }

    /** All that {@link #read} needs. */
    public TensorFile content() {
        Map<String, String> metadata = new TreeMap<>(FormatMetadata.of(format));
        metadata.put(ACTIVATION, Word.of(spec.activation()));
        metadata.put(SCALE, Float.toString(scaling.scale()));
        metadata.put(SHIFT, Float.toString(scaling.shift()));
        return TensorFile.of(metadata, state);
    }

    /**
     * Makes sure that images are what the network was trained on.
     *
     * @throws DataException if their classes or their size are others
     */
    public void checkFits(Dataset images) {
        if (!format.hasClassesOf(images.format())) {
            throw new DataException("The model tells the classes " + format.listing() + " apart, but the images of "
                    + images.name() + " are of the classes " + images.format().listing() + ".");
        }
        if (images.features() != spec.inputs()) {
            throw new DataException("The model takes images of " + format.shape() + " pixels, but those of "
                    + images.name() + " are " + images.format().shape() + ".");
        }
    }

    /** What tells two models apart: SHA-256 over the bytes of the tensors in the order of their names. */
    public String sha256() {
        return TensorBytes.sha256(state);
    }

    private static boolean hasEnding(Path file, String ending) {
        return file.toString().toLowerCase(Locale.ROOT).endsWith(ending);
    }

    private static ActivationFunction activation(Path file, String name) {
        for (ActivationFunction activation : ActivationFunction.values()) {
            if (Word.of(activation).equalsIgnoreCase(name)) {
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
