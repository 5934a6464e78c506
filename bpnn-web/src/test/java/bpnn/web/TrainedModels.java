package bpnn.web;

import bpnn.backend.BackendCatalogue;
import bpnn.data.Dataset;
import bpnn.io.model.Model;
import bpnn.mnist.SyntheticDigits;
import bpnn.nn.Adam;
import bpnn.nn.DeviceData;
import bpnn.nn.Initialiser;
import bpnn.nn.InputScaling;
import bpnn.nn.Network;
import bpnn.nn.NetworkSpec;
import bpnn.nn.Trainer;
import bpnn.nn.TrainingConfig;
import bpnn.nn.TrainingListener;
import bpnn.spi.Activation;
import bpnn.spi.Backend;
import bpnn.spi.BackendConfig;
import bpnn.tensor.Ops;
import bpnn.tensor.TensorScope;
import java.util.List;

/** Small networks for tests, trained on synthetic digits; they read what is drawn neatly. */
final class TrainedModels {
    private static final Dataset DIGITS =
            SyntheticDigits.generate(1, 60_000, 10_000).train().slice(0, 4500);

    private TrainedModels() {}

    static Model train(int epochs, Activation activation, boolean batchNorm) {
        NetworkSpec spec = new NetworkSpec(784, List.of(64, 32), 10, activation, 0, false, batchNorm);
        TrainingConfig config = new TrainingConfig(128, epochs, 0, true, Adam.withRate(1e-3f), 1, InputScaling.unit());
        try (Backend backend = BackendCatalogue.installed().select("cpu").open(BackendConfig.defaults());
                TensorScope scope = new TensorScope(backend)) {
            Ops ops = new Ops(backend);
            Network network = new Network(ops, scope, spec, config.batchSize(), config.seed());
            network.initialise(Initialiser.XAVIER, config.seed());
            DeviceData train = DeviceData.copyOf(DIGITS, scope);
            new Trainer(ops, scope, network, config, train, null).run(new TrainingListener() {});
            return new Model(spec, config.scaling(), network.state());
        }
    }
}
