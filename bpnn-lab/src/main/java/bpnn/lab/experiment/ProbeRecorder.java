package bpnn.lab.experiment;

import bpnn.lab.probe.NetworkProbe;
import bpnn.lab.probe.Probe;
import bpnn.lab.statistics.UnitCorrelations;
import bpnn.nn.DeviceData;
import bpnn.nn.InputScaling;
import bpnn.nn.Network;
import bpnn.nn.TrainingListener;
import bpnn.tensor.Ops;
import bpnn.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;

/** Probes a network a few times per epoch, on a sample of validation images. */
final class ProbeRecorder implements TrainingListener {
    /** Probes per epoch; the first epoch has one more, at its first step. */
    private static final int PROBES_PER_EPOCH = 2;

    private static final int SAMPLE = 512;

    /** Units of a layer whose correlations are looked at. */
    private static final int CORRELATED_UNITS = 128;

    /** Units of a layer whose correlations are kept one by one. */
    private static final int MAPPED_UNITS = 32;

    private final Network network;
    private final int stepsPerEpoch;
    private final NetworkProbe probe;
    private final List<Probe> probes = new ArrayList<>();

    ProbeRecorder(
            Ops ops, TensorScope scope, Network network, DeviceData sample, InputScaling scaling, int stepsPerEpoch) {
        this.network = network;
        this.stepsPerEpoch = stepsPerEpoch;
        this.probe = new NetworkProbe(ops, scope, network, sample, scaling, SAMPLE, CORRELATED_UNITS);
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
            layers.add(UnitCorrelations.of(probe.activations().get(i), hidden.get(i), MAPPED_UNITS)
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
        probe.beforeStep();
    }

    @Override
    public void afterStep(long step) {
        probes.add(new Probe((double) (step - 1) / stepsPerEpoch, probe.afterStep()));
    }
}
