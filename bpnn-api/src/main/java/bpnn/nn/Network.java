package bpnn.nn;

import bpnn.spi.Activation;
import bpnn.spi.Clock;
import bpnn.spi.DropoutSpec;
import bpnn.spi.ElementType;
import bpnn.tensor.Ops;
import bpnn.tensor.Shape;
import bpnn.tensor.Tensor;
import bpnn.tensor.TensorScope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A multi-layer perceptron on a backend: the layers of a {@link NetworkSpec}, their parameters, and the forward and
 * backward passes. All parameters are 0 until {@link #initialise} or {@link #load}.
 */
public final class Network {
    /** The random stream of the dropout of inputs; those of hidden layers are their numbers. */
    private static final int INPUT_STREAM = -1;

    private final NetworkSpec spec;
    private final Ops ops;
    private final int capacity;
    private final Parameters parameters;
    private final Tensor clock;
    private final @Nullable Dropout inputDropout;
    private final List<Layer> layers = new ArrayList<>();

    /**
     * @param scope owns its memory
     * @param capacity maximum batch size
     * @param seed seed of the dropout masks
     */
    public Network(Ops ops, TensorScope scope, NetworkSpec spec, int capacity, long seed) {
        this.spec = spec;
        this.ops = ops;
        this.capacity = capacity;
        this.parameters = new Parameters(scope, shapes(spec));
        this.clock = scope.zeros(ElementType.INT32, 1, Clock.LENGTH);
        this.inputDropout =
                dropout(scope, spec.inputs(), INPUT_STREAM, spec.dropout().input(), seed);
        for (int i = 0; i < spec.hidden().size(); i++) {
            addHidden(scope, i, seed);
        }
        String last = "fc" + (spec.hidden().size() + 1);
        Parameter bias = parameters.get(last + ".bias");
        Parameter weight = parameters.get(last + ".weight");
        layers.add(new Dense(ops, scope, last, weight, bias, Activation.IDENTITY, null, capacity));
    }

    private void addHidden(TensorScope scope, int index, long seed) {
        String dense = "fc" + (index + 1);
        String norm = "bn" + (index + 1);
        Parameter weight = parameters.get(dense + ".weight");
        Activation kernel = spec.activation().kernel();
        Activation fused = kernel == null ? Activation.IDENTITY : kernel;
        Dropout dropout = dropout(scope, index, seed);
        Dropout fusedDropout = kernel == null ? null : dropout;
        if (spec.batchNorm()) {
            layers.add(new Dense(ops, scope, dense, weight, null, Activation.IDENTITY, null, capacity));
            Parameter gamma = parameters.get(norm + ".weight");
            Parameter beta = parameters.get(norm + ".bias");
            layers.add(new BatchNorm(ops, scope, norm, gamma, beta, fused, fusedDropout, capacity));
        } else {
            Parameter bias = parameters.get(dense + ".bias");
            layers.add(new Dense(ops, scope, dense, weight, bias, fused, fusedDropout, capacity));
        }
        if (kernel == null) {
            int units = spec.hidden().get(index);
            String name = "act" + (index + 1);
            layers.add(new SelfGated(ops, scope, name, spec.activation(), units, dropout, capacity));
        }
    }

    /** The dropout of hidden layer {@code index}; null for none. */
    private @Nullable Dropout dropout(TensorScope scope, int index, long seed) {
        return dropout(scope, spec.hidden().get(index), index, spec.dropout().at(index), seed);
    }

    private @Nullable Dropout dropout(TensorScope scope, int features, int stream, float rate, long seed) {
        return rate == 0
                ? null
                : new Dropout(
                        scope, features, new DropoutSpec(seed, stream, rate, spec.dropoutPerBatch()), clock, capacity);
    }

    private static Map<String, Shape> shapes(NetworkSpec spec) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        int inputs = spec.inputs();
        for (int i = 0; i <= spec.hidden().size(); i++) {
            boolean last = i == spec.hidden().size();
            int outputs = last ? spec.classes() : spec.hidden().get(i);
            shapes.put("fc" + (i + 1) + ".weight", new Shape(inputs, outputs));
            if (spec.batchNorm() && !last) {
                shapes.put("bn" + (i + 1) + ".weight", new Shape(1, outputs));
                shapes.put("bn" + (i + 1) + ".bias", new Shape(1, outputs));
            } else {
                shapes.put("fc" + (i + 1) + ".bias", new Shape(1, outputs));
            }
            inputs = outputs;
        }
        return shapes;
    }

    public NetworkSpec spec() {
        return spec;
    }

    /** Maximum batch size. */
    public int capacity() {
        return capacity;
    }

    public List<Layer> layers() {
        return List.copyOf(layers);
    }

    public Parameters parameters() {
        return parameters;
    }

    /** The step counters of the training; see {@link Clock}. */
    public Tensor clock() {
        return clock;
    }

    /** Draws new weights; sets biases and β to 0, γ to 1, running means to 0 and running variances to 1. */
    public void initialise(Initialiser initialiser, long seed) {
        ops.fill(parameters.values(), 0);
        int dense = 0;
        for (Layer layer : layers) {
            if (layer instanceof Dense) {
                Tensor weight = parameters.get(layer.name() + ".weight").value();
                float[] drawn = initialiser.draw(weight.rows(), weight.cols(), seed, dense++);
                weight.set(toBackendLayout(drawn, weight));
            } else if (layer instanceof BatchNorm norm) {
                norm.reset();
            }
        }
    }

    /**
     * The logits of a batch.
     *
     * @param x [batch, inputs], at most {@link #capacity} rows
     * @return [batch, classes], valid until the next pass
     */
    public Tensor forward(Tensor x, Mode mode) {
        Tensor value = mode == Mode.TRAIN && inputDropout != null ? inputDropout.apply(ops, x) : x;
        for (Layer layer : layers) {
            value = layer.forward(value, mode);
        }
        return value;
    }

    /**
     * Makes the running statistics of batch normalisation the mean over batches, of which this is the one of that number.
     *
     * @param x [batch, inputs]
     * @param number of the batch, from 1
     */
    void measure(Tensor x, int number) {
        momentum(1f / number);
        forward(x, Mode.TRAIN);
        momentum(BatchNorm.MOMENTUM);
    }

    private void momentum(float weight) {
        for (Layer layer : layers) {
            if (layer instanceof BatchNorm norm) {
                norm.momentum(weight);
            }
        }
    }

    /**
     * Computes the gradients of all parameters for the last {@link Mode#TRAIN} pass.
     *
     * @param dlogits gradient of the loss with respect to the logits, [batch, classes]; may be overwritten
     */
    public void backward(Tensor dlogits) {
        Tensor gradient = dlogits;
        for (int i = layers.size() - 1; i >= 0 && gradient != null; i--) {
            gradient = layers.get(i).backward(gradient, i > 0);
        }
    }

    /** A copy of the model state by name: parameters and running statistics. */
    public SortedMap<String, StateTensor> state() {
        SortedMap<String, StateTensor> state = new TreeMap<>();
        tensors().forEach((name, tensor) -> {
            float[] values = tensor.toArray();
            state.put(
                    name,
                    isWeightMatrix(name)
                            ? new StateTensor(List.of(tensor.cols(), tensor.rows()), toPyTorchLayout(values, tensor))
                            : new StateTensor(List.of(tensor.cols()), values));
        });
        return state;
    }

    /**
     * Overwrites the model state.
     *
     * @throws IllegalArgumentException if a tensor is missing, unknown or of another shape; nothing is changed then
     */
    public void load(Map<String, StateTensor> state) {
        SortedMap<String, Tensor> tensors = tensors();
        for (String name : state.keySet()) {
            if (!tensors.containsKey(name)) {
                throw new IllegalArgumentException(
                        "The tensor " + name + " does not belong to this network, which has " + tensors.keySet());
            }
        }
        SortedMap<String, float[]> checked = new TreeMap<>();
        tensors.forEach((name, tensor) -> checked.put(name, checked(name, tensor, state)));
        checked.forEach((name, values) -> {
            Tensor tensor = Objects.requireNonNull(tensors.get(name));
            tensor.set(isWeightMatrix(name) ? toBackendLayout(values, tensor) : values);
        });
    }

    private static float[] checked(String name, Tensor tensor, Map<String, StateTensor> state) {
        StateTensor given = state.get(name);
        if (given == null) {
            throw new IllegalArgumentException("The tensor " + name + " is missing");
        }
        List<Integer> expected = isWeightMatrix(name) ? List.of(tensor.cols(), tensor.rows()) : List.of(tensor.cols());
        if (!given.shape().equals(expected)) {
            throw new IllegalArgumentException(
                    "The tensor " + name + " must have the shape " + expected + ", but has " + given.shape());
        }
        return given.values();
    }

    /** The tensors that hold the model state in backend memory: the parameter block and the running statistics. */
    List<Tensor> blocks() {
        List<Tensor> blocks = new ArrayList<>(List.of(parameters.values()));
        for (Layer layer : layers) {
            if (layer instanceof BatchNorm norm) {
                blocks.add(norm.runningMean());
                blocks.add(norm.runningVariance());
            }
        }
        return blocks;
    }

    private SortedMap<String, Tensor> tensors() {
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        for (Parameter parameter : parameters.list()) {
            tensors.put(parameter.name(), parameter.value());
        }
        for (Layer layer : layers) {
            if (layer instanceof BatchNorm norm) {
                tensors.put(norm.name() + ".running_mean", norm.runningMean());
                tensors.put(norm.name() + ".running_var", norm.runningVariance());
            }
        }
        return tensors;
    }

    private static boolean isWeightMatrix(String name) {
        return name.startsWith("fc") && name.endsWith(".weight");
    }

    /** [out, in] to [in, out]. Only this method and its inverse know both layouts of a Dense weight. */
    private static float[] toBackendLayout(float[] values, Tensor weight) {
        return transpose(values, weight.shape().cols(), weight.shape().rows());
    }

    /** [in, out] to [out, in]. */
    private static float[] toPyTorchLayout(float[] values, Tensor weight) {
        return transpose(values, weight.shape().rows(), weight.shape().cols());
    }

    private static float[] transpose(float[] values, int height, int width) {
        float[] result = new float[values.length];
        for (int i = 0; i < height; i++) {
            for (int j = 0; j < width; j++) {
                result[j * height + i] = values[i * width + j];
            }
        }
        return result;
    }
}
