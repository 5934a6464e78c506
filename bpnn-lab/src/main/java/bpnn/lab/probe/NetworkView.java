package bpnn.lab.probe;

import bpnn.data.Dataset;
import bpnn.nn.DeviceData;
import bpnn.nn.Evaluator;
import bpnn.nn.InputScaling;
import bpnn.nn.Network;
import bpnn.nn.NetworkSpec;
import bpnn.nn.Prediction;
import bpnn.tensor.Ops;
import bpnn.tensor.Tensor;
import bpnn.tensor.TensorScope;

/** A network in training, to be looked at between two steps, in the thread that trains it. No bit of the training changes. */
public final class NetworkView {
    private final Ops ops;
    private final TensorScope scope;
    private final Network network;
    private final InputScaling scaling;

    /** @param scope owns what is needed on the backend */
    public NetworkView(Ops ops, TensorScope scope, Network network, InputScaling scaling) {
        this.ops = ops;
        this.scope = scope;
        this.network = network;
        this.scaling = scaling;
    }

    /** The network's structure. */
    public NetworkSpec spec() {
        return network.spec();
    }

    /** What the network makes of an image as it is now. */
    public Prediction predict(Dataset image) {
        try (TensorScope own = new TensorScope(ops.backend())) {
            return new Evaluator(ops, own, network, scaling).predict(image);
        }
    }

    /** Looks at the layers, with the first images of a sample. */
    public NetworkProbe probe(Dataset sample, int most) {
        DeviceData data = DeviceData.copyOf(sample.slice(0, Math.min(most, sample.size())), scope);
        return new NetworkProbe(ops, scope, network, data, scaling, most, 0);
    }

    /** The weights of the first units of the first layer as they are now, a row of pixels for each unit. */
    public float[] firstWeights(int units) {
        Tensor weight = network.parameters().get("fc1.weight").value();
        return unitRows(weight.toArray(), network.spec().inputs(), units);
    }

    /**
     * The weights of the first units of a layer, a row for each unit.
     *
     * @param weights [inputs, units of the layer]
     */
    public static float[] unitRows(float[] weights, int inputs, int units) {
        int width = weights.length / inputs;
        int shown = Math.min(units, width);
        float[] rows = new float[shown * inputs];
        for (int input = 0; input < inputs; input++) {
            for (int unit = 0; unit < shown; unit++) {
                rows[unit * inputs + input] = weights[input * width + unit];
            }
        }
        return rows;
    }
}
