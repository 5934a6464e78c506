package bpnn.io.model;

import bpnn.data.Dataset;
import bpnn.nn.DeviceData;
import bpnn.nn.Evaluation;
import bpnn.nn.Evaluator;
import bpnn.nn.Network;
import bpnn.nn.Prediction;
import bpnn.spi.Backend;
import bpnn.tensor.Ops;
import bpnn.tensor.TensorScope;

/** A trained network on a backend, ready to read images. */
public final class LoadedModel implements Classifier {
    /** Large enough to keep a backend busy; results do not depend on it. */
    private static final int BATCH = 500;

    private final Backend backend;
    private final TensorScope scope;
    private final Evaluator evaluator;
    private final Model model;

    /** Brings the model to the backend. */
    public LoadedModel(Backend backend, Model model) {
        this(backend, model, BATCH);
    }

    /** Likewise, with memory for one image at a time. */
    public static LoadedModel forSingleImages(Backend backend, Model model) {
        return new LoadedModel(backend, model, 1);
    }

    private LoadedModel(Backend backend, Model model, int batch) {
        Ops ops = new Ops(backend);
        this.backend = backend;
        this.scope = new TensorScope(backend);
        this.model = model;
        try {
            Network network = new Network(ops, scope, model.spec(), batch, 0);
            network.load(model.state());
            this.evaluator = new Evaluator(ops, scope, network, model.scaling());
        } catch (RuntimeException | Error e) {
            scope.close();
            throw e;
        }
    }

    @Override
    public Evaluation evaluate(Dataset images) {
        model.checkFits(images);
        try (TensorScope own = new TensorScope(backend)) {
            return evaluator.evaluate(DeviceData.copyOf(images, own));
        }
    }

    @Override
    public float[][] probabilities(Dataset images) {
        model.checkFits(images);
        return evaluator.probabilities(images);
    }

    /** The logits of each class, a row per image. */
    public float[][] logits(Dataset images) {
        model.checkFits(images);
        return evaluator.logits(images);
    }

    /** All that the network computes for one image. */
    public Prediction read(Dataset image) {
        model.checkFits(image);
        return evaluator.predict(image);
    }

    @Override
    public void close() {
        scope.close();
    }
}
