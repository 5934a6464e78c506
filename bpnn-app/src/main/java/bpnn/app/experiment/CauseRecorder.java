package bpnn.app.experiment;

import bpnn.app.experiment.statistics.UnitStatistics;
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
import org.jspecify.annotations.Nullable;

/**
 * Looks into a network a few times per epoch: at the gradients and the change of one step, and at what the hidden layers
 * make of a sample of validation images. The training does not notice; it ends with the same bits.
 */
final class CauseRecorder implements TrainingListener {
    /** Looks per epoch; the first epoch gets one more, at its first step. */
    private static final int PER_EPOCH = 2;

    private static final int SAMPLE = 512;
    private static final int CORRELATED_UNITS = 128;

    private final Ops ops;
    private final Network network;
    private final DeviceData sample;
    private final InputScaling scaling;
    private final int stepsPerEpoch;
    private final HiddenPass pass;
    private final Tensor position;
    private final Tensor inputs;
    private final int sampleSize;
    private final List<float[]> weightsBefore = new ArrayList<>();
    private final List<LayerState> hiddenBefore = new ArrayList<>();
    private final List<Probe> probes = new ArrayList<>();

    CauseRecorder(
            Ops ops, TensorScope scope, Network network, DeviceData sample, InputScaling scaling, int stepsPerEpoch) {
        this.ops = ops;
        this.network = network;
        this.sample = sample;
        this.scaling = scaling;
        this.stepsPerEpoch = stepsPerEpoch;
        this.pass = new HiddenPass(ops, scope, network);
        this.position = scope.zeros(ElementType.INT32, 1, 1);
        this.inputs = scope.zeros(network.capacity(), network.spec().inputs());
        this.sampleSize = Math.min(SAMPLE, sample.size());
    }

    /** What was seen so far. */
    List<Probe> probes() {
        return List.copyOf(probes);
    }

    @Override
    public boolean observes(long step) {
        return step == 1 || step % Math.max(1, stepsPerEpoch / PER_EPOCH) == 0;
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
            layers.add(withStep(i < hiddenBefore.size() ? hiddenBefore.get(i) : null, gradient, change));
        }
        probes.add(new Probe((double) (step - 1) / stepsPerEpoch, layers));
    }

    private List<Parameter> weights() {
        return network.parameters().list().stream()
                .filter(parameter ->
                        parameter.name().startsWith("fc") && parameter.name().endsWith(".weight"))
                .toList();
    }

    private static LayerState withStep(@Nullable LayerState hidden, double gradient, double change) {
        return hidden == null
                ? new LayerState(gradient, change, 0, 0, 0, 0, 0, 0, new int[0], new int[0])
                : new LayerState(
                        gradient,
                        change,
                        hidden.saturated(),
                        hidden.sparse(),
                        hidden.spread(),
                        hidden.meanOffset(),
                        hidden.variance(),
                        hidden.correlation(),
                        hidden.preactivations(),
                        hidden.activations());
    }

    private List<LayerState> hiddenLayers() {
        List<Integer> hidden = network.spec().hidden();
        List<float[]> before = new ArrayList<>();
        List<float[]> behind = new ArrayList<>();
        for (int units : hidden) {
            before.add(new float[sampleSize * units]);
            behind.add(new float[sampleSize * units]);
        }
        for (int start = 0; start < sampleSize; start += network.capacity()) {
            int first = start;
            position.set(new int[] {start});
            Tensor x = inputs.firstRows(Math.min(network.capacity(), sampleSize - start));
            ops.gatherRows(sample.images(), null, position, scaling.scale(), scaling.shift(), x);
            pass.run(x, (layer, z, a) -> {
                System.arraycopy(z, 0, before.get(layer), first * hidden.get(layer), z.length);
                System.arraycopy(a, 0, behind.get(layer), first * hidden.get(layer), a.length);
            });
        }
        List<LayerState> states = new ArrayList<>();
        for (int i = 0; i < hidden.size(); i++) {
            states.add(state(before.get(i), behind.get(i), hidden.get(i)));
        }
        return states;
    }

    private static LayerState state(float[] before, float[] behind, int units) {
        UnitStatistics statistics = UnitStatistics.of(before, units);
        int[] preactivations = new int[Bins.PREACTIVATION.count()];
        for (float z : before) {
            preactivations[Bins.PREACTIVATION.of(z)]++;
        }
        int[] activations = new int[Bins.ACTIVATION.count()];
        int saturated = 0;
        int silent = 0;
        for (float a : behind) {
            activations[Bins.ACTIVATION.of(a)]++;
            saturated += Math.abs(a) > LayerState.SATURATION ? 1 : 0;
            silent += Math.abs(a) < LayerState.SILENCE ? 1 : 0;
        }
        return new LayerState(
                0,
                0,
                (double) saturated / behind.length,
                (double) silent / behind.length,
                statistics.spread(),
                statistics.meanOffset(),
                statistics.variance(),
                UnitStatistics.meanCorrelation(behind, units, CORRELATED_UNITS),
                preactivations,
                activations);
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
