package bpnn.nn;

import bpnn.tensor.Ops;
import bpnn.tensor.Tensor;
import java.util.List;

/**
 * Adam (D. P. Kingma and J. Ba, 2015, algorithm 1), with ε outside the square root.
 *
 * @param learningRate η
 * @param beta1 decay of the first moment, in [0, 1)
 * @param beta2 decay of the second moment, in [0, 1)
 * @param epsilon ε, greater than 0
 */
public record Adam(float learningRate, float beta1, float beta2, float epsilon) implements Optimizer {
    public Adam {
        Optimizer.checkLearningRate(learningRate);
        Optimizer.checkFraction("Adam's beta1", beta1);
        Optimizer.checkFraction("Adam's beta2", beta2);
        if (!(epsilon > 0)) {
            throw new IllegalArgumentException("Adam's epsilon must be greater than 0, but is " + epsilon);
        }
    }

    /** With the default constants 0.9, 0.999 and 1e-8. */
    public static Adam withRate(float learningRate) {
        return new Adam(learningRate, 0.9f, 0.999f, 1e-8f);
    }

    @Override
    public List<String> slots() {
        return List.of("mean", "variance");
    }

    @Override
    public int rateCount() {
        return 3;
    }

    @Override
    public float[] rates(long step, double learningRate) {
        double correction1 = 1 - StrictMath.pow(beta1, (double) step);
        double correction2 = 1 - StrictMath.pow(beta2, (double) step);
        return new float[] {(float) (learningRate / correction1), (float) (1 / StrictMath.sqrt(correction2)), epsilon};
    }

    @Override
    public void update(Ops ops, Parameters parameters, List<Tensor> state, Tensor rates) {
        ops.adam(parameters.values(), parameters.gradients(), state.get(0), state.get(1), beta1, beta2, rates);
    }
}
