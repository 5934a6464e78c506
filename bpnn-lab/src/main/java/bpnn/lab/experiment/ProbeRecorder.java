package bpnn.lab.experiment;

import bpnn.lab.statistics.UnitCorrelations;
import bpnn.nn.DeviceData;
import bpnn.nn.InputScaling;
import bpnn.nn.Network;
import bpnn.nn.Parameter;
import bpnn.nn.TrainingListener;
import bpnn.spi.ElementType;
import bpnn.tensor.Ops;
import bpnn.tensor.Tensor;
import bpnn.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;

/**
 * Probes a network a few times per epoch: the gradients and the weight change of one step, and the hidden layers'
 * pre-activations and activations of a sample of validation images. It leaves the bits of the training unchanged.
 */
final class ProbeRecorder implements TrainingListener {
    /** Probes per epoch; the first epoch has one more, at its first step. */
    private static final int PROBES_PER_EPOCH = 2;

    private static final int SAMPLE = 512;

    /** Units of a layer whose correlations are kept one by one. */
    private static final int MAPPED_UNITS = 32;

    private final Ops ops;
    private final Network network;
    private final DeviceData sample;
    private final InputScaling scaling;
    private final int stepsPerEpoch;
    private final HiddenActivations pass;
    private final Tensor position;
    private final Tensor inputs;
    private final int sampleSize;
    private final List<float[]> weightsBefore = new ArrayList<>();
    private final List<float[]> preactivations = new ArrayList<>();
    private final List<float[]> activations = new ArrayList<>();
    private final List<LayerState> hiddenBefore = new ArrayList<>();
    private final List<Probe> probes = new ArrayList<>();

    ProbeRecorder(
            Ops ops, TensorScope scope, Network network, DeviceData sample, InputScaling scaling, int stepsPerEpoch) {
        this.ops = ops;
        this.network = network;
        this.sample = sample;
        this.scaling = scaling;
        this.stepsPerEpoch = stepsPerEpoch;
        this.pass = new HiddenActivations(ops, scope, network);
        this.position = scope.zeros(ElementType.INT32, 1, 1);
        this.inputs = scope.zeros(network.capacity(), network.spec().inputs());
        this.sampleSize = Math.min(SAMPLE, sample.size());
        for (int units : network.spec().hidden()) {
            preactivations.add(new float[sampleSize * units]);
            activations.add(new float[sampleSize * units]);
        }
    }

    /** The probes so far. */
    List<Probe> probes() {
        return List.copyOf(probes);
    }

    /** For each hidden layer, the correlations between some of its units at the latest probe. */
    List<double[][]> correlations() {
        List<double[][]> layers = new ArrayList<>();
        List<Integer> hidden = network.spec().hidden();
        for (int i = 0; i < hidden.size(); i++) {
            layers.add(UnitCorrelations.of(activations.get(i), hidden.get(i), MAPPED_UNITS)
                    .r());
        }
        return layers;
    }

    @Override
    public boolean observes(long step) {
        return step == 1 || step % Math.max(1, stepsPerEpoch / PROBES_PER_EPOCH) == 0;
    }

    @Override
    public void beforeStep(long step) {
        hiddenBefore.clear();
        hiddenBefore.addAll(hiddenLayers());
        weightsBefore.clear();
        weights().forEach(weight -> weightsBefore.add(weight.value().toArray()));
    }

    @Override
    public void afterStep(long step) {
        List<LayerState> layers = new ArrayList<>();
        List<Parameter> weights = weights();
        for (int i = 0; i < weights.size(); i++) {
            float[] before = weightsBefore.get(i);
            float[] after = weights.get(i).value().toArray();
            double change = norm(difference(after, before)) / norm(before);
            double gradient = norm(weights.get(i).gradient().toArray());
            LayerState state = i < hiddenBefore.size() ? hiddenBefore.get(i) : LayerState.output();
            layers.add(state.withStep(gradient, change));
        }
        probes.add(new Probe((double) (step - 1) / stepsPerEpoch, layers));
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
            states.add(LayerState.hidden(preactivations.get(i), activations.get(i), hidden.get(i)));
        }
        return states;
    }

    private static float[] difference(float[] a, float[] b) {
        float[] result = new float[a.length];
        for (int i = 0; i < a.length; i++) {
            result[i] = a[i] - b[i];
        }
        return result;
    }

    private static double norm(float[] values) {
        double squares = 0;
        for (float value : values) {
            squares += (double) value * value;
        }
        return Math.sqrt(squares);
    }
}
