package bpnn.nn;

import bpnn.tensor.Ops;
import bpnn.tensor.Tensor;
import bpnn.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * The average of the weights that a {@link WeightAveraging} asks for, beside the weights in training. The running
 * statistics of batch normalisation belong to the weights they were measured with, so they are measured again for the
 * average.
 */
final class AveragedWeights {
    private static final String SUM = "average.values";
    private static final String TRAINED = "training.";
    /** Batches that statistics are measured over: ten times as many as count in the running averages of a training. */
    private static final int MEASURED_BATCHES = 100;

    private final Ops ops;
    private final Network network;
    private final TrainingConfig config;
    private final TrainingBatches batches;
    private final Tensor sum;
    private final List<Tensor> blocks;
    private final List<Tensor> trained;
    private boolean begun;
    private boolean inUse;

    AveragedWeights(Ops ops, TensorScope scope, Network network, TrainingConfig config, TrainingBatches batches) {
        boolean any = !(averaging(config) instanceof WeightAveraging.None);
        this.ops = ops;
        this.network = network;
        this.config = config;
        this.batches = batches;
        this.blocks = any ? network.blocks() : List.of();
        this.sum = scope.zeros(1, any ? network.parameters().values().cols() : 0);
        this.trained =
                blocks.stream().map(block -> scope.zeros(1, block.cols())).toList();
    }

    private static WeightAveraging averaging(TrainingConfig config) {
        return config.refinements().averaging();
    }

    /** Part of each training step, after the optimiser. */
    void afterStep() {
        if (averaging(config) instanceof WeightAveraging.Exponential exponential) {
            ops.axpby(1 - exponential.decay(), network.parameters().values(), exponential.decay(), sum);
        }
    }

    /**
     * Puts the average in the place of the weights, if there is one yet.
     *
     * @param epoch the epoch that was finished
     * @param steps steps since training began
     */
    void afterEpoch(int epoch, long steps) {
        Tensor weights = network.parameters().values();
        double counted;
        if (averaging(config) instanceof WeightAveraging.Stochastic stochastic) {
            int epochs = epoch - stochastic.firstEpoch(config.epochs()) + 1;
            if (epochs < 1) {
                return;
            }
            ops.axpby(1, weights, epochs == 1 ? 0 : 1, sum);
            begun = true;
            counted = epochs;
        } else if (averaging(config) instanceof WeightAveraging.Exponential exponential) {
            counted = 1 - StrictMath.pow(exponential.decay(), (double) steps);
        } else {
            return;
        }
        for (int i = 0; i < blocks.size(); i++) {
            ops.axpby(1, blocks.get(i), 0, trained.get(i));
        }
        ops.axpby((float) (1 / counted), sum, 0, weights);
        inUse = true;
        measureStatistics(epoch);
    }

    private void measureStatistics(int epoch) {
        if (!network.spec().batchNorm()) {
            return;
        }
        int batch = network.capacity();
        int count = Math.min(config.stepsPerEpoch(batches.images(), batch), MEASURED_BATCHES);
        batches.begin(epoch, 0);
        for (int i = 0; i < count; i++) {
            batches.gather(batch);
            network.measure(batches.inputs(batch), i + 1);
            ops.advance(network.clock(), batch);
        }
    }

    /** Puts the weights in training back. */
    void putBack() {
        if (inUse) {
            for (int i = 0; i < blocks.size(); i++) {
                ops.axpby(1, trained.get(i), 0, blocks.get(i));
            }
            inUse = false;
        }
    }

    /** Adds the tensors that {@link #resume} needs. */
    void save(SortedMap<String, StateTensor> tensors) {
        if (inUse) {
            for (int i = 0; i < trained.size(); i++) {
                tensors.put(TRAINED + i, StateTensor.vector(trained.get(i).toArray()));
            }
        }
        if (begun || averaging(config) instanceof WeightAveraging.Exponential) {
            tensors.put(SUM, StateTensor.vector(sum.toArray()));
        }
    }

    /**
     * Goes back to where another training stood, whose kept weights, or within an epoch those in training, are in the
     * network.
     *
     * @throws IllegalArgumentException if the state does not fit; nothing is changed then
     */
    void resume(TrainingState state) {
        if (blocks.isEmpty() || !state.tensors().containsKey(SUM)) {
            begun = false;
            inUse = false;
            return;
        }
        float[] summed = state.values(SUM, sum.cols());
        List<float[]> values = new ArrayList<>();
        boolean averaged = state.stepsIntoEpoch() == 0 && !state.epochs().isEmpty();
        for (int i = 0; i < trained.size() && averaged; i++) {
            values.add(state.values(TRAINED + i, trained.get(i).cols()));
        }
        sum.set(summed);
        for (int i = 0; i < values.size(); i++) {
            trained.get(i).set(values.get(i));
        }
        begun = true;
        inUse = averaged;
    }
}
