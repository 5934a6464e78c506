package bpnn.lab.experiment;

import bpnn.data.Dataset;
import bpnn.io.model.Model;
import bpnn.lab.probe.NetworkView;
import bpnn.lab.run.Normalisation;
import bpnn.lab.run.RunPlan;
import bpnn.lab.statistics.Calibration;
import bpnn.lab.statistics.Misclassification;
import bpnn.nn.DeviceData;
import bpnn.nn.DivergedException;
import bpnn.nn.Evaluation;
import bpnn.nn.Evaluator;
import bpnn.nn.Initialiser;
import bpnn.nn.InputScaling;
import bpnn.nn.Network;
import bpnn.nn.NetworkSpec;
import bpnn.nn.Optimizer;
import bpnn.nn.Sgd;
import bpnn.nn.Trainer;
import bpnn.nn.TrainingConfig;
import bpnn.nn.TrainingListener;
import bpnn.spi.Backend;
import bpnn.tensor.Ops;
import bpnn.tensor.TensorScope;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Carries out tasks on a backend. The images are brought there once. */
public final class TaskRunner implements AutoCloseable {
    /** Training images that stand for all of them when the network is judged by what it has learnt from. */
    private static final int FITTED_IMAGES = 10_000;

    /** Steps at the end of a short training whose mean loss is its result. */
    private static final int JUDGED_STEPS = 20;

    private final Settings settings;
    private final Dataset trainImages;
    private final Dataset testImages;
    private final Ops ops;
    private final TensorScope scope;
    private final Map<Normalisation, InputScaling> scalings = new EnumMap<>(Normalisation.class);
    private final DeviceData train;
    private final DeviceData validation;
    private final DeviceData test;
    private final DeviceData fitted;
    private volatile @Nullable Trainer running;
    private volatile boolean stopRequested;

    /** @param images with validation images */
    public TaskRunner(Backend backend, Settings settings, RunPlan.Images images) {
        Dataset held = Objects.requireNonNull(images.validation());
        this.settings = settings;
        this.trainImages = images.train();
        this.testImages = images.test();
        this.ops = new Ops(backend);
        this.scope = new TensorScope(backend);
        try {
            this.train = DeviceData.copyOf(trainImages, scope);
            this.validation = DeviceData.copyOf(held, scope);
            this.test = DeviceData.copyOf(testImages, scope);
            int size = Math.min(FITTED_IMAGES, trainImages.size());
            this.fitted = DeviceData.copyOf(trainImages.slice(0, size), scope);
        } catch (RuntimeException | Error e) {
            scope.close();
            throw e;
        }
    }

    /** Asks the task in work to end soon, without a result; any thread may call it. */
    public void requestStop() {
        stopRequested = true;
        Trainer trainer = running;
        if (trainer != null) {
            trainer.requestStop();
        }
    }

    private TrainingConfig config(Arm arm, Optimizer optimizer, long seed, long steps) {
        // The scalings with statistics read every pixel.
        InputScaling scaling =
                scalings.computeIfAbsent(arm.normalisation(), normalisation -> normalisation.scaling(trainImages));
        return settings.training(arm, optimizer, seed, steps, scaling);
    }

    /**
     * A whole training.
     *
     * @return empty if it was asked to stop
     */
    public Optional<TrainedRun> train(Task task, ExperimentRunner.ProgressListener listener) {
        long start = System.nanoTime();
        Arm arm = task.arm();
        TrainingConfig config = config(arm, settings.optimizer(arm), task.seed(), 0);
        try (TensorScope own = new TensorScope(ops.backend())) {
            Network network = network(own, arm, task.seed());
            Evaluator evaluator = new Evaluator(ops, own, network, config.scaling());
            RunRecorder curves = new RunRecorder(() -> evaluator.evaluate(fitted));
            ProbeRecorder causes = new ProbeRecorder(
                    ops, own, network, validation, config.scaling(), settings.stepsPerEpoch(arm, train.size()));
            Trainer trainer = new Trainer(ops, own, network, config, train, validation);
            int divergedIn = 0;
            try {
                TrainingListener watcher =
                        listener.onTraining(task, new NetworkView(ops, own, network, config.scaling()));
                if (!run(trainer, TrainingListener.all(List.of(curves, causes, listener, watcher)))) {
                    return Optional.empty();
                }
            } catch (DivergedException diverged) {
                divergedIn = diverged.epoch();
            }
            Evaluation evaluation = evaluator.evaluate(test);
            float[][] probabilities = evaluator.probabilities(testImages);
            return Optional.of(new TrainedRun(
                    arm.key(),
                    task.seed(),
                    divergedIn,
                    curves.firstEpoch(),
                    curves.epochs(),
                    causes.probes(),
                    causes.correlations(),
                    misread(evaluation, probabilities),
                    evaluation.loss(),
                    evaluation.accuracy(),
                    new Model(network.spec(), config.scaling(), network.state()).sha256(),
                    (System.nanoTime() - start) * 1e-9,
                    Calibration.of(testImages, probabilities)));
        }
    }

    private Network network(TensorScope own, Arm arm, long seed) {
        NetworkSpec spec = arm.network(trainImages.features(), settings.hidden(), trainImages.classes());
        Network network = new Network(ops, own, spec, Math.min(settings.batchSize(), train.size()), seed);
        network.initialise(Initialiser.XAVIER, seed);
        return network;
    }

    /** Whether the training ended by itself, rather than by a request to stop. */
    private boolean run(Trainer trainer, TrainingListener listener) {
        running = trainer;
        try {
            if (stopRequested) {
                return false;
            }
            return !trainer.run(listener).interrupted();
        } finally {
            running = null;
        }
    }

    private List<Misclassification> misread(Evaluation evaluation, float[][] probabilities) {
        List<Misclassification> misread = new ArrayList<>();
        for (int image = 0; image < testImages.size(); image++) {
            int read = evaluation.predictions()[image];
            if (read != testImages.label(image)) {
                double confidence = read < probabilities[image].length ? probabilities[image][read] : 0;
                misread.add(new Misclassification(image, read, confidence));
            }
        }
        return misread;
    }

    /**
     * Short trainings with each learning rate of the sweep.
     *
     * @return empty if it was asked to stop
     */
    public Optional<RateSweep> sweep(Task task, TrainingListener listener) {
        long start = System.nanoTime();
        List<RateSweep.Point> points = new ArrayList<>();
        for (double rate : Settings.sweepRates()) {
            TrainingConfig config = config(task.arm(), new Sgd((float) rate), task.seed(), Settings.SWEEP_STEPS);
            RecentLosses losses = new RecentLosses(JUDGED_STEPS);
            try (TensorScope own = new TensorScope(ops.backend())) {
                Network network = network(own, task.arm(), task.seed());
                Trainer trainer = new Trainer(ops, own, network, config, train, null);
                if (!run(trainer, TrainingListener.all(List.of(losses, listener)))) {
                    return Optional.empty();
                }
                points.add(new RateSweep.Point(rate, losses.mean()));
            } catch (DivergedException diverged) {
                points.add(new RateSweep.Point(rate, Double.NaN));
            }
        }
        return Optional.of(new RateSweep(task.arm().key(), task.seed(), points, (System.nanoTime() - start) * 1e-9));
    }

    @Override
    public void close() {
        scope.close();
    }
}
