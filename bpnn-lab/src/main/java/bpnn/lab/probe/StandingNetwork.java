package bpnn.lab.probe;

import bpnn.data.Dataset;
import bpnn.nn.DeviceData;
import bpnn.nn.Evaluation;
import bpnn.nn.Evaluator;
import bpnn.nn.InputScaling;
import bpnn.nn.Network;
import bpnn.nn.NetworkSpec;
import bpnn.nn.StateTensor;
import bpnn.spi.Backend;
import bpnn.tensor.Ops;
import bpnn.tensor.TensorScope;
import java.util.SortedMap;

/** A network as it stood at some time, on a backend, to be looked at. */
public final class StandingNetwork implements AutoCloseable {
    /** Images at a time; what comes out does not depend on it. */
    private static final int BATCH = 500;

    private final Ops ops;
    private final TensorScope scope;
    private final Network network;
    private final InputScaling scaling;

    /**
     * Brings it to the backend.
     *
     * @param tensors by name
     * @throws IllegalArgumentException if these are not the network's
     */
    public StandingNetwork(
            Backend backend, NetworkSpec spec, InputScaling scaling, SortedMap<String, StateTensor> tensors) {
        this.ops = new Ops(backend);
        this.scope = new TensorScope(backend);
        this.scaling = scaling;
        try {
            network = new Network(ops, scope, spec, BATCH, 0);
            network.load(tensors);
        } catch (RuntimeException | Error e) {
            scope.close();
            throw e;
        }
    }

    /** Looks into it, as long as it is open. */
    public NetworkView view() {
        return new NetworkView(ops, scope, network, scaling);
    }

    /** How it does. */
    public Evaluation evaluate(Dataset images) {
        try (TensorScope own = new TensorScope(ops.backend())) {
            return new Evaluator(ops, own, network, scaling).evaluate(DeviceData.copyOf(images, own));
        }
    }

    @Override
    public void close() {
        scope.close();
    }
}
