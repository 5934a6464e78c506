package bpnn.nn;

import bpnn.tensor.Ops;
import bpnn.tensor.Tensor;
import java.util.List;

/** The update rule of the parameters. */
public sealed interface Optimizer permits Sgd, Momentum, Nesterov, RmsProp, Adam, AdamW, DecoupledDecay {
    /** η, greater than 0. */
    float learningRate();

    /** Names of the optimiser's state tensors, each shaped as the parameter block. */
    List<String> slots();

    /** Number of values of {@link #rates}. */
    int rateCount();

    /**
     * The scalars of a step, computed on the host with {@link StrictMath}.
     *
     * @param step step number, from 1
     * @param learningRate η of this step
     */
    float[] rates(long step, double learningRate);

    /** The same with the optimiser's own learning rate. */
    default float[] rates(long step) {
        return rates(step, learningRate());
    }

    /**
     * Updates all parameters.
     *
     * @param state one tensor per slot, shaped as the parameter block
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

    /** Checks a value in [0, 1). */
    static void checkFraction(String name, float value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException(name + " must be in [0, 1), but is " + value);
        }
    }
}
