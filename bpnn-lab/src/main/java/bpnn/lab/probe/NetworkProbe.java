package bpnn.lab.probe;

import bpnn.nn.DeviceData;
import bpnn.nn.InputScaling;
import bpnn.nn.Network;
import bpnn.nn.Parameter;
import bpnn.spi.ElementType;
import bpnn.tensor.Ops;
import bpnn.tensor.Tensor;
import bpnn.tensor.TensorScope;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Measures a training step: its gradients and the weight change, and the hidden layers' pre-activations and activations of a
 * sample of images before it. It leaves the bits of the training unchanged.
 */
public final class NetworkProbe {
    private final Ops ops;
    private final Network network;
    private final DeviceData sample;
    private final InputScaling scaling;
    private final HiddenActivations pass;
    private final Tensor position;
    private final Tensor inputs;
    private final int sampleSize;
    private final int correlated;
    private final List<float[]> weightsBefore = new ArrayList<>();
    private final List<float[]> preactivations = new ArrayList<>();
    private final List<float[]> activations = new ArrayList<>();
    private final List<LayerState> hiddenBefore = new ArrayList<>();

    /**
     * @param scope owns what it needs on the backend
     * @param sample images; the first of them are looked at
     * @param most of them
     * @param correlated units of each layer whose correlations are measured; 0 for none
     */
    public NetworkProbe(
            Ops ops,
            TensorScope scope,
            Network network,
            DeviceData sample,
            InputScaling scaling,
            int most,
            int correlated) {
        this.correlated = correlated;
        this.ops = ops;
        this.network = network;
        this.sample = sample;
        this.scaling = scaling;
        this.pass = new HiddenActivations(ops, scope, network);
        this.position = scope.zeros(ElementType.INT32, 1, 1);
        this.inputs = scope.zeros(network.capacity(), network.spec().inputs());
        this.sampleSize = Math.min(most, sample.size());
        for (int units : network.spec().hidden()) {
            preactivations.add(new float[sampleSize * units]);
            activations.add(new float[sampleSize * units]);
        }
    }

    /** What the hidden layers do as they are now, and an output layer of which nothing is known; called between two steps. */
    public List<LayerState> look() {
        List<LayerState> layers = new ArrayList<>(hiddenLayers());
        layers.add(LayerState.output());
        return layers;
    }

    /** Called before the step that is measured. */
    public void beforeStep() {
        hiddenBefore.clear();
        hiddenBefore.addAll(hiddenLayers());
        weightsBefore.clear();
        weights().forEach(weight -> weightsBefore.add(weight.value().toArray()));
    }

    /** Called after the step: hidden layers, and the output layer at the end. */
    public List<LayerState> afterStep() {
        List<LayerState> layers = new ArrayList<>();
        List<Parameter> weights = weights();
        for (int i = 0; i < weights.size(); i++) {
            float[] before = weightsBefore.get(i);
            float[] after = weights.get(i).value().toArray();
            double change = distance(after, before) / norm(before);
            double gradient = norm(weights.get(i).gradient().toArray());
            LayerState state = i < hiddenBefore.size() ? hiddenBefore.get(i) : LayerState.output();
            layers.add(state.withStep(gradient, change));
        }
        return layers;
    }

    /** The activations of each hidden layer before the latest measured step, a row per image. */
    public List<float[]> activations() {
        return Collections.unmodifiableList(activations);
    }

    private List<Parameter> weights() {
        return network.parameters().list().stream()
                .filter(parameter ->
                        parameter.name().startsWith("fc") && parameter.name().endsWith(".weight"))
                .toList();
    }

    private List<LayerState> hiddenLayers() {
        List<Integer> hidden = network.spec().hidden();
        for (int start = 0; start < sampleSize; start += network.capacity()) {
            int first = start;
            position.set(new int[] {start});
            Tensor x = inputs.firstRows(Math.min(network.capacity(), sampleSize - start));
            ops.gatherRows(sample.images(), null, position, scaling.scale(), scaling.shift(), x);
            pass.run(x, (layer, z, a) -> {
                System.arraycopy(z, 0, preactivations.get(layer), first * hidden.get(layer), z.length);
                System.arraycopy(a, 0, activations.get(layer), first * hidden.get(layer), a.length);
            });
        }
        List<LayerState> states = new ArrayList<>();
        for (int i = 0; i < hidden.size(); i++) {
            states.add(LayerState.hidden(preactivations.get(i), activations.get(i), hidden.get(i), correlated));
        }
        return states;
    }

    private static double distance(float[] a, float[] b) {
        double squares = 0;
        for (int i = 0; i < a.length; i++) {
            float difference = a[i] - b[i];
            squares += (double) difference * difference;
        }
        return Math.sqrt(squares);
    }

    private static double norm(float[] values) {
        double squares = 0;
        for (float value : values) {
            squares += (double) value * value;
        }
        return Math.sqrt(squares);
    }
}
