package bpnn.nn;

import bpnn.tensor.Ops;
import bpnn.tensor.Tensor;
import java.util.List;

/**
 * RMSprop as in PyTorch: v = α v + (1 - α) g², w = w - η g / (√v + ε) (T. Tieleman and G. Hinton, lecture 6.5, 2012): the step
 * of Adam without an average of the gradients and without bias corrections.
 *
 * @param learningRate η
 * @param decay α, in [0, 1)
 * @param epsilon ε, greater than 0
 */
public record RmsProp(float learningRate, float decay, float epsilon) implements Optimizer {
    /** @throws IllegalArgumentException if a constant is out of its range */
    public RmsProp {
        Optimizer.checkLearningRate(learningRate);
        Optimizer.checkFraction("The decay of RMSprop", decay);
        if (!(epsilon > 0)) {
            throw new IllegalArgumentException("RMSprop's epsilon must be greater than 0, but is " + epsilon);
        }
    }

    /** With the default constants 0.99 and 1e-8. */
    public static RmsProp withRate(float learningRate) {
        return new RmsProp(learningRate, 0.99f, 1e-8f);
    }

    /** The first takes the gradient, which nothing reads. */
    @Override
    public List<String> slots() {
        return List.of("gradient", "square");
    }

    @Override
    public int rateCount() {
        return 3;
    }

    @Override
    public float[] rates(long step, double learningRate) {
        return new float[] {(float) learningRate, 1, epsilon};
    }

    @Override
    public void update(Ops ops, Parameters parameters, List<Tensor> state, Tensor rates) {
        ops.adam(parameters.values(), parameters.gradients(), state.get(0), state.get(1), 0, decay, rates);
    }
}
