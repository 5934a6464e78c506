package bpnn.lab.run;

import bpnn.data.DataException;
import bpnn.data.Dataset;
import bpnn.io.model.Model;
import bpnn.lab.probe.NetworkView;
import bpnn.lab.statistics.Temperature;
import bpnn.nn.DeviceData;
import bpnn.nn.Evaluation;
import bpnn.nn.Evaluator;
import bpnn.nn.Network;
import bpnn.nn.StateTensor;
import bpnn.nn.Trainer;
import bpnn.nn.TrainingListener;
import bpnn.nn.TrainingResult;
import bpnn.nn.TrainingState;
import bpnn.spi.Backend;
import bpnn.tensor.Ops;
import bpnn.tensor.TensorScope;
import java.nio.file.Path;
import java.util.Objects;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** A network in training on a backend. */
public final class TrainingRun implements AutoCloseable {
    private final RunPlan plan;
    private final Ops ops;
    private final TensorScope scope;
    private final Network network;
    private final Trainer trainer;

    /**
     * Brings images and initial weights to the backend.
     *
     * @throws PlanException if the plan cannot be carried out
     * @throws DataException if the initial weights cannot be read
     */
    public TrainingRun(Backend backend, RunPlan plan) {
        this.plan = plan;
        this.ops = new Ops(backend);
        this.scope = new TensorScope(backend);
        try {
            int batch =
                    Math.min(plan.training().batchSize(), plan.images().train().size());
            this.network = new Network(
                    ops, scope, plan.network(), batch, plan.training().seed());
            initialise();
            this.trainer = trainer();
        } catch (RuntimeException | Error e) {
            scope.close();
            throw e;
        }
    }

    private void initialise() {
        if (plan.start() instanceof RunPlan.Start.Drawn drawn) {
            network.initialise(drawn.initialiser(), plan.training().seed());
        } else if (plan.start() instanceof RunPlan.Start.FromFile from) {
            load(from.file());
        }
    }

    private void load(Path file) {
        SortedMap<String, StateTensor> state =
                Model.read(file, assumption -> {}).state();
        try {
            network.load(state);
        } catch (IllegalArgumentException e) {
            throw new DataException(file + " does not fit the network: " + e.getMessage() + ".", e);
        }
    }

    private Trainer trainer() {
        DeviceData train = DeviceData.copyOf(plan.images().train(), scope);
        @Nullable Dataset held = plan.images().validation();
        @Nullable DeviceData validation = held == null ? null : DeviceData.copyOf(held, scope);
        int smallestBatch = plan.smallestBatch();
        if (plan.stepsPerEpoch() == 0 || plan.training().batchSize() < smallestBatch) {
            throw new PlanException("--batch-size is " + plan.training().batchSize() + ", but must make a full batch"
                    + (smallestBatch > 1 ? " of at least 2 images, which --batch-norm needs," : "") + " out of "
                    + train.size() + " training images.");
        }
        return new Trainer(ops, scope, network, plan.training(), train, validation);
    }

    /**
     * Goes back to where a training of the same plan stood.
     *
     * @throws DataException if the checkpoint belongs to another one
     */
    public void resume(Checkpoint checkpoint) {
        resume("checkpoint", checkpoint.model(), checkpoint.training());
    }

    /**
     * Goes back to where a training of the same plan stood.
     *
     * @param what what the state is called in a message
     * @param model the network's tensors
     * @throws DataException if they do not fit
     */
    public void resume(String what, SortedMap<String, StateTensor> model, TrainingState state) {
        try {
            network.load(model);
            trainer.resume(state);
        } catch (IllegalArgumentException e) {
            throw new DataException("The " + what + " does not fit the run: " + e.getMessage() + ".", e);
        }
    }

    /** Where the training stands; called between epochs. */
    public TrainingState state() {
        return trainer.state();
    }

    /** Where the training stands after an observed step; see {@link Trainer#state(long)}. */
    public TrainingState state(long step) {
        return trainer.state(step);
    }

    /** Steps of an epoch. */
    public int stepsPerEpoch() {
        return plan.stepsPerEpoch();
    }

    /** Epochs that are to be trained at most. */
    public int epochs() {
        return plan.training().epochs();
    }

    /** Asks {@link #train} to end soon; any thread may call it. */
    public void requestStop() {
        trainer.requestStop();
    }

    /** Trains; see {@link Trainer#run}. */
    public TrainingResult train(TrainingListener listener) {
        return trainer.run(listener);
    }

    /** Trains up to a step; see {@link Trainer#run(TrainingListener, long)}. */
    public TrainingResult train(TrainingListener listener, long lastStep) {
        return trainer.run(listener, lastStep);
    }

    /**
     * Divides the weights and biases of the last layer, and so the logits, by the temperature that suits the validation
     * images.
     *
     * @return the temperature
     */
    public double calibrate() {
        Dataset validation = Objects.requireNonNull(plan.images().validation(), "images to calibrate on");
        double temperature;
        try (TensorScope own = new TensorScope(ops.backend())) {
            Evaluator evaluator =
                    new Evaluator(ops, own, network, plan.training().scaling());
            temperature = Temperature.of(validation, evaluator.logits(validation));
        }
        String last = "fc" + (plan.network().hidden().size() + 1) + ".";
        SortedMap<String, StateTensor> state = network.state();
        state.replaceAll((name, tensor) -> name.startsWith(last) ? divided(tensor, temperature) : tensor);
        network.load(state);
        return temperature;
    }

    private static StateTensor divided(StateTensor tensor, double divisor) {
        float[] values = tensor.values().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (values[i] / divisor);
        }
        return new StateTensor(tensor.shape(), values);
    }

    /** The network as it is now. */
    public Model model() {
        return new Model(
                plan.network(), plan.images().train().format(), plan.training().scaling(), network.state());
    }

    /** Looks into the network; in the thread of the training, as long as this run is open. */
    public NetworkView view() {
        return new NetworkView(ops, scope, network, plan.training().scaling());
    }

    /** How the network does as it is now. */
    public Evaluation evaluate(Dataset images) {
        try (TensorScope own = new TensorScope(ops.backend())) {
            return new Evaluator(ops, own, network, plan.training().scaling()).evaluate(DeviceData.copyOf(images, own));
        }
    }

    @Override
    public void close() {
        scope.close();
    }
}
