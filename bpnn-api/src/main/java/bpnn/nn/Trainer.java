package bpnn.nn;

import bpnn.spi.Clock;
import bpnn.spi.Step;
import bpnn.tensor.Ops;
import bpnn.tensor.Shape;
import bpnn.tensor.Tensor;
import bpnn.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Trains a network. The data, order, learning rates and counters of an epoch are in backend memory before its
 * first step, so a step transfers nothing and can be recorded ({@link bpnn.spi.Backend#record}). Losses are read back
 * every {@value #MIN_LOSS_INTERVAL} steps, or less often on a fast device.
 */
public final class Trainer {
    private static final int MIN_LOSS_INTERVAL = 32;
    /** A fast device idles while losses are read back, so the interval doubles as long as it takes less than this. */
    private static final long SHORT_INTERVAL_NANOS = 10_000_000;

    private static final int MAX_LOSS_INTERVAL = 16 * MIN_LOSS_INTERVAL;

    private final Ops ops;
    private final Network network;
    private final TrainingConfig config;
    private final DeviceData data;
    private final @Nullable DeviceData validation;
    private final Evaluator evaluator;
    private final SoftmaxCrossEntropy loss;
    private final List<Tensor> optimizerState = new ArrayList<>();
    private final int stepsPerEpoch;
    private final TrainingBatches batches;
    private final AveragedWeights averages;
    private final Tensor rateTable;
    private final Tensor history;
    private final Tensor rates;
    private final NormConstraints constraints;
    private final EarlyStopping earlyStopping;
    private final Step fullStep;
    private final Step lastStep;
    private final List<EpochResult> results = new ArrayList<>();
    private volatile boolean stopRequested;
    private long totalSteps;
    private long limit = Long.MAX_VALUE;
    private int stepsIntoEpoch;
    private int lossInterval = MIN_LOSS_INTERVAL;
    private float[] cachedRates = {};
    private long cachedRatesStart = -1;

    /**
     * @param scope owns the tensors of the training
     * @param network with initial weights; its capacity is at least the batch size
     * @param validation evaluated after each epoch; null for none
     * @throws IllegalArgumentException if data, network and configuration are incompatible
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
        if (config.refinements().patience() > 0 && validation == null) {
            throw new IllegalArgumentException("Early stopping needs images to validate on, but there are none");
        }
        this.loss = new SoftmaxCrossEntropy(ops, scope, network.spec().classes(), batch);
        Optimizer optimizer = config.optimizer();
        optimizer
                .slots()
                .forEach(slot -> optimizerState.add(
                        scope.zeros(1, network.parameters().values().cols())));
        this.batches = new TrainingBatches(ops, scope, config, data, network.clock(), batch);
        this.averages = new AveragedWeights(ops, scope, network, config, batches);
        this.rateTable = scope.zeros(stepsPerEpoch, optimizer.rateCount());
        this.history = scope.zeros(1, stepsPerEpoch);
        this.rates = scope.zeros(1, optimizer.rateCount());
        this.constraints = new NormConstraints(ops, scope, network.parameters(), config.refinements());
        this.earlyStopping = new EarlyStopping(config.refinements().patience());
        int last = Math.min(batch, data.size() - (stepsPerEpoch - 1) * config.batchSize());
        this.fullStep = ops.backend().record(() -> step(batch));
        this.lastStep = last == batch ? fullStep : ops.backend().record(() -> step(last));
    }

    /** One training step on the {@code batch} images at the position of the clock. */
    private void step(int batch) {
        Tensor clock = network.clock();
        batches.gather(batch);
        ops.gatherRows(rateTable, null, clock.view(Clock.STEP, new Shape(1, 1)), 1, 0, rates);
        Tensor logits = network.forward(batches.inputs(batch), Mode.TRAIN);
        network.backward(loss.gradient(logits, batches.targets(batch), clock, history));
        constraints.beforeUpdate();
        config.optimizer().update(ops, network.parameters(), optimizerState, rates);
        constraints.afterUpdate();
        averages.afterStep();
        ops.advance(clock, batch);
    }

    /** Asks a running {@link #run} to stop after the steps in flight; any thread may call it. */
    public void requestStop() {
        stopRequested = true;
    }

    /**
     * The state of the training between two epochs, such as in {@link TrainingListener#onEpoch}. The weights that are
     * kept, averaged or not, are not part of it; see {@link Network#state}.
     */
    public TrainingState state() {
        return state(totalSteps);
    }

    /**
     * The state of the training after a step, in {@link TrainingListener#afterStep}. Loading it needs
     * {@link Network#state}, too.
     *
     * @param step the step, from 1
     */
    public TrainingState state(long step) {
        SortedMap<String, StateTensor> tensors = new TreeMap<>();
        for (int i = 0; i < optimizerState.size(); i++) {
            tensors.put(slotName(i), StateTensor.vector(optimizerState.get(i).toArray()));
        }
        averages.save(tensors);
        earlyStopping.save(tensors);
        long finished = results.stream().mapToLong(EpochResult::steps).sum();
        return new TrainingState(results, tensors, Math.toIntExact(step - finished));
    }

    /**
     * Makes {@link #run} continue another training, whose weights have been loaded into the network. The result has the
     * bits of an uninterrupted training.
     *
     * @throws IllegalArgumentException if the state does not belong to such a training; nothing is changed then
     */
    public void resume(TrainingState state) {
        for (EpochResult epoch : state.epochs()) {
            if (epoch.steps() != stepsPerEpoch) {
                throw new IllegalArgumentException("Epoch " + epoch.epoch() + " has " + epoch.steps()
                        + " steps, but an epoch of this training has " + stepsPerEpoch);
            }
        }
        if (state.stepsIntoEpoch() < 0 || state.stepsIntoEpoch() >= stepsPerEpoch) {
            throw new IllegalArgumentException("The state lies " + state.stepsIntoEpoch()
                    + " steps into an epoch, but an epoch of this training has " + stepsPerEpoch);
        }
        List<float[]> values = new ArrayList<>();
        for (int i = 0; i < optimizerState.size(); i++) {
            values.add(state.values(slotName(i), optimizerState.get(i).cols()));
        }
        averages.resume(state);
        for (int i = 0; i < values.size(); i++) {
            optimizerState.get(i).set(values.get(i));
        }
        results.clear();
        results.addAll(state.epochs());
        totalSteps = state.steps();
        stepsIntoEpoch = state.stepsIntoEpoch();
        earlyStopping.resume(state);
    }

    private String slotName(int slot) {
        return "optimizer." + config.optimizer().slots().get(slot);
    }

    /**
     * Trains until all epochs or steps are done, or a stop is requested.
     *
     * @throws DivergedException if a loss is not finite; the weights of the last good epoch, or the initial ones, are
     *     restored
     */
    public TrainingResult run(TrainingListener listener) {
        return run(listener, Long.MAX_VALUE);
    }

    /**
     * {@link #run(TrainingListener)}, but not beyond a step. Other than {@link TrainingConfig#maxSteps}, this changes no
     * learning rate of a schedule that depends on the length of the training.
     *
     * @param lastStep number of the last step to take, counted since training began
     */
    public TrainingResult run(TrainingListener listener, long lastStep) {
        limit = lastStep;
        WeightSnapshot lastGood = new WeightSnapshot(network);
        while (shouldContinue()) {
            averages.putBack();
            EpochResult result;
            try {
                result = epoch(results.size() + 1, listener);
            } catch (DivergedException diverged) {
                lastGood.restore();
                throw diverged;
            }
            lastGood.capture();
            results.add(result);
            earlyStopping.observe(result, network);
            listener.onEpoch(result);
        }
        int kept = earlyStopping.restore(network, results.size());
        return new TrainingResult(results, totalSteps, stopRequested, kept);
    }

    private boolean shouldContinue() {
        return results.size() < config.epochs()
                && remainingSteps() > 0
                && !stopRequested
                && !earlyStopping.isPatienceExhausted(results.size());
    }

    private long remainingSteps() {
        return Math.min(limit, config.maxSteps() == 0 ? Long.MAX_VALUE : config.maxSteps()) - totalSteps;
    }

    private EpochResult epoch(int epoch, TrainingListener listener) {
        long start = System.nanoTime();
        int before = stepsIntoEpoch;
        stepsIntoEpoch = 0;
        prepare(epoch, before);
        int steps = (int) Math.min(stepsPerEpoch, before + remainingSteps());
        int fullSteps = lastStep == fullStep ? stepsPerEpoch : stepsPerEpoch - 1;
        double lossSum = 0;
        int done = before;
        do {
            long begin = System.nanoTime();
            int until = Math.min(done + lossInterval, steps);
            int step = done;
            while (step < until) {
                boolean last = step == fullSteps;
                int most = last ? 1 : Math.min(until, fullSteps) - step;
                step += runSteps(last ? lastStep : fullStep, totalSteps + step - done + 1, most, listener);
            }
            if (done == 0 && epoch < config.epochs() && steps < remainingSteps()) {
                // Overlaps with the GPU, which is still running steps; reading the losses below waits for it.
                batches.prepare(epoch + 1);
                rates(totalSteps + steps);
            }
            float[] losses = history.view(done, new Shape(1, until - done)).toArray();
            for (int i = 0; i < losses.length; i++) {
                if (!Float.isFinite(losses[i])) {
                    throw new DivergedException(epoch, totalSteps + i + 1, losses[i]);
                }
                lossSum += (double) losses[i] * batchSizeOf(done + i);
            }
            listener.onSteps(epoch, totalSteps + 1, losses, steps - until);
            if (until - done == lossInterval && System.nanoTime() - begin < SHORT_INTERVAL_NANOS) {
                lossInterval = Math.min(2 * lossInterval, MAX_LOSS_INTERVAL);
            }
            totalSteps += until - done;
            done = until;
        } while (done < steps && !stopRequested);
        ops.backend().synchronize();
        double seconds = (System.nanoTime() - start) * 1e-9;
        long images = (long) imagesOf(done) - imagesOf(before);
        averages.afterEpoch(epoch, totalSteps);
        Evaluation evaluation = validation == null ? null : evaluator.evaluate(validation);
        return new EpochResult(epoch, done, lossSum / images, evaluation, seconds, images);
    }

    /**
     * Runs an observed step alone, otherwise all steps up to the next observed one; returns the number of steps run.
     *
     */
    private static int runSteps(Step step, long number, int most, TrainingListener listener) {
        if (listener.observes(number)) {
            listener.beforeStep(number);
            step.run(1);
            listener.afterStep(number);
            return 1;
        }
        int count = 1;
        while (count < most && !listener.observes(number + count)) {
            count++;
        }
        step.run(count);
        return count;
    }

    /** Images in the first steps of an epoch. */
    private int imagesOf(int steps) {
        return (int) Math.min((long) steps * config.batchSize(), data.size());
    }

    private int batchSizeOf(int step) {
        return Math.min(config.batchSize(), data.size() - step * config.batchSize());
    }

    /**
     * Uploads what the steps of the epoch read: image order, rates, counters.
     *
     * @param done steps of it that are done already
     */
    private void prepare(int epoch, int done) {
        batches.begin(epoch, totalSteps, done, imagesOf(done));
        rateTable.set(rates(totalSteps - done));
    }

    /**
     * The rates of an epoch that starts after {@code stepsBefore} steps, one row per step; the last result is cached.
     */
    private float[] rates(long stepsBefore) {
        if (stepsBefore == cachedRatesStart) {
            return cachedRates;
        }
        Optimizer optimizer = config.optimizer();
        LearningRateSchedule schedule = config.refinements().schedule();
        long allSteps = config.totalSteps(stepsPerEpoch);
        int count = optimizer.rateCount();
        float[] table = new float[stepsPerEpoch * count];
        for (int step = 0; step < stepsPerEpoch; step++) {
            long number = stepsBefore + step + 1;
            double factor = schedule.factor(number, stepsPerEpoch, allSteps);
            float[] row = optimizer.rates(number, optimizer.learningRate() * factor);
            System.arraycopy(row, 0, table, step * count, count);
        }
        cachedRates = table;
        cachedRatesStart = stepsBefore;
        return table;
    }
}
