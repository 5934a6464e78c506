package bpnn.nn;

import bpnn.tensor.Ops;
import bpnn.tensor.Tensor;
import java.util.List;

/** How parameters follow their gradients. */
public sealed interface Optimizer permits Sgd, Momentum, Adam, AdamW {
    /** η, greater than 0. */
    float learningRate();

    /** Names of the tensors that it keeps beside the parameters, one per parameter block. */
    List<String> slots();

    /** Number of values that {@link #rates} gives. */
    int rateCount();

    /**
     * What the kernel needs to know of the step, computed once on the host with {@link StrictMath}.
     *
     * @param step number of the step, from 1
     * @param learningRate η of this step
     */
    float[] rates(long step, double learningRate);

    /** The same with its own learning rate. */
    default float[] rates(long step) {
        return rates(step, learningRate());
    }

    /**
     * One step for all parameters.
     *
     * @param state a tensor per slot, shaped as the block of parameters
     * @param rates [1, rateCount], in backend memory
     */
    void update(Ops ops, Parameters parameters, List<Tensor> state, Tensor rates);

    /** Checks a learning rate. */
    static void checkLearningRate(float learningRate) {
        if (!(learningRate > 0) || Float.isInfinite(learningRate)) {
            throw new IllegalArgumentException(
                    "The learning rate must be greater than 0 and finite, but is " + learningRate);
        }
    }

    /** Checks a share in [0, 1). */
    static void checkShare(String name, float value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException(name + " must be in [0, 1), but is " + value);
        }
    }
}
