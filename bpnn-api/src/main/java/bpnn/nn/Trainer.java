package bpnn.nn;

import bpnn.random.Purpose;
import bpnn.random.RandomStream;
import bpnn.spi.Clock;
import bpnn.spi.ElementType;
import bpnn.tensor.Ops;
import bpnn.tensor.Shape;
import bpnn.tensor.Tensor;
import bpnn.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Trains a network. Data, order, rates and counters of an epoch lie in backend memory before its first step, so a step
 * transfers nothing and can be recorded ({@link bpnn.spi.Backend#record}); the losses are read back every
 * {@value #LOSSES_AT_ONCE} steps.
 */
public final class Trainer {
    private static final int LOSSES_AT_ONCE = 32;

    private final Ops ops;
    private final Network network;
    private final TrainingConfig config;
    private final DeviceData data;
    private final @Nullable DeviceData validation;
    private final Evaluator evaluator;
    private final SoftmaxCrossEntropy loss;
    private final List<Tensor> optimizerState = new ArrayList<>();
    private final int stepsPerEpoch;
    private final Tensor order;
    private final Tensor schedule;
    private final Tensor history;
    private final Tensor rates;
    private final Tensor inputs;
    private final Tensor targets;
    private final Runnable fullStep;
    private final Runnable lastStep;
    private volatile boolean stopRequested;
    private long totalSteps;

    /**
     * @param scope owns the memory of the training
     * @param network with initial weights; its capacity is at least the batch size
     * @param validation evaluated after each epoch; null for none
     * @throws IllegalArgumentException if data, network and configuration do not fit
     */
    public Trainer(
            Ops ops,
            TensorScope scope,
            Network network,
            TrainingConfig config,
            DeviceData data,
            @Nullable DeviceData validation) {
        int batch = Math.min(config.batchSize(), data.size());
        boolean batchNorm = network.spec().batchNorm();
        this.ops = ops;
        this.network = network;
        this.config = config;
        this.data = data;
        this.validation = validation;
        this.evaluator = new Evaluator(ops, scope, network, config.scaling());
        this.stepsPerEpoch = config.stepsPerEpoch(data.size(), batchNorm ? 2 : 1);
        if (stepsPerEpoch == 0 || (batchNorm && config.batchSize() < 2)) {
            throw new IllegalArgumentException("A batch size of " + config.batchSize() + " makes no "
                    + (batchNorm ? "batch of at least 2 images, which batch normalisation needs," : "full batch")
                    + " out of " + data.size() + " training images");
        }
        this.loss = new SoftmaxCrossEntropy(ops, scope, network.spec().classes(), batch);
        Optimizer optimizer = config.optimizer();
        optimizer
                .slots()
                .forEach(slot -> optimizerState.add(
                        scope.zeros(1, network.parameters().values().cols())));
        this.order = scope.zeros(ElementType.INT32, 1, data.size());
        this.schedule = scope.zeros(stepsPerEpoch, optimizer.rateCount());
        this.history = scope.zeros(1, stepsPerEpoch);
        this.rates = scope.zeros(1, optimizer.rateCount());
        this.inputs = scope.zeros(batch, network.spec().inputs());
        this.targets = scope.zeros(batch, network.spec().classes());
        int last = Math.min(batch, data.size() - (stepsPerEpoch - 1) * config.batchSize());
        this.fullStep = ops.backend().record(() -> step(batch));
        this.lastStep = last == batch ? fullStep : ops.backend().record(() -> step(last));
    }

    /** One training step of {@code batch} images: the clock says which. */
    private void step(int batch) {
        Tensor clock = network.clock();
        Tensor begin = clock.view(Clock.BATCH, new Shape(1, 1));
        Tensor x = inputs.firstRows(batch);
        Tensor t = targets.firstRows(batch);
        InputScaling scaling = config.scaling();
        ops.gatherRows(data.images(), order, begin, scaling.scale(), scaling.shift(), x);
        ops.gatherRows(data.oneHot(), order, begin, 1, 0, t);
        ops.gatherRows(schedule, null, clock.view(Clock.STEP, new Shape(1, 1)), 1, 0, rates);
        Tensor logits = network.forward(x, Mode.TRAIN);
        network.backward(loss.gradient(logits, t, clock, history));
        config.optimizer().update(ops, network.parameters(), optimizerState, rates);
        ops.advance(clock, batch);
    }

    /** Asks a running {@link #run} to end after the steps in flight; any thread may call it. */
    public void requestStop() {
        stopRequested = true;
    }

    /**
     * Trains until the epochs or steps are done, or a stop is requested.
     *
     * @throws DivergedException if a loss is not finite; the network then has the weights of the end of the last good
     *     epoch, or the initial ones
     */
    public TrainingResult run(TrainingListener listener) {
        List<EpochResult> results = new ArrayList<>();
        Map<String, StateTensor> good = network.state();
        for (int epoch = 1; epoch <= config.epochs() && stepsAllowed() > 0 && !stopRequested; epoch++) {
            EpochResult result;
            try {
                result = epoch(epoch, listener);
            } catch (DivergedException diverged) {
                network.load(good);
                throw diverged;
            }
            good = network.state();
            results.add(result);
            listener.onEpoch(result);
        }
        return new TrainingResult(results, totalSteps, stopRequested);
    }

    private long stepsAllowed() {
        return config.maxSteps() == 0 ? Long.MAX_VALUE : config.maxSteps() - totalSteps;
    }

    private EpochResult epoch(int epoch, TrainingListener listener) {
        long start = System.nanoTime();
        prepare(epoch);
        int steps = (int) Math.min(stepsPerEpoch, stepsAllowed());
        double lossSum = 0;
        int done = 0;
        do {
            int until = Math.min(done + LOSSES_AT_ONCE, steps);
            for (int step = done; step < until; step++) {
                take(step == stepsPerEpoch - 1 ? lastStep : fullStep, totalSteps + step - done + 1, listener);
            }
            float[] losses = history.view(done, new Shape(1, until - done)).toArray();
            for (int i = 0; i < losses.length; i++) {
                if (!Float.isFinite(losses[i])) {
                    throw new DivergedException(epoch, totalSteps + i + 1, losses[i]);
                }
                lossSum += (double) losses[i] * imagesOf(done + i);
            }
            listener.onSteps(epoch, totalSteps + 1, losses, steps - until);
            totalSteps += until - done;
            done = until;
        } while (done < steps && !stopRequested);
        ops.backend().synchronize();
        double seconds = (System.nanoTime() - start) * 1e-9;
        long images = Math.min((long) done * config.batchSize(), data.size());
        Evaluation evaluation = validation == null ? null : evaluator.evaluate(validation);
        return new EpochResult(epoch, done, lossSum / images, evaluation, seconds, images);
    }

    private static void take(Runnable step, long number, TrainingListener listener) {
        boolean observed = listener.observes(number);
        if (observed) {
            listener.beforeStep(number);
        }
        step.run();
        if (observed) {
            listener.afterStep(number);
        }
    }

    private int imagesOf(int step) {
        return Math.min(config.batchSize(), data.size() - step * config.batchSize());
    }

    /** Uploads what the steps of the epoch read: the order of the images, the rates, the counters. */
    private void prepare(int epoch) {
        int[] images = new int[data.size()];
        for (int i = 0; i < images.length; i++) {
            images[i] = i;
        }
        if (config.shuffle()) {
            new RandomStream(config.seed(), Purpose.SHUFFLE, epoch, 0).shuffle(images);
        }
        order.set(images);
        int count = config.optimizer().rateCount();
        float[] table = new float[stepsPerEpoch * count];
        for (int step = 0; step < stepsPerEpoch; step++) {
            float[] row = config.optimizer().rates(totalSteps + step + 1);
            System.arraycopy(row, 0, table, step * count, count);
        }
        schedule.set(table);
        network.clock().set(new int[] {0, 0, Math.toIntExact(totalSteps)});
    }
}
