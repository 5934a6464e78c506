package bpnn.nn;

import bpnn.tensor.Ops;
import bpnn.tensor.Shape;
import bpnn.tensor.Tensor;
import java.util.List;

/**
 * Gradient descent with Nesterov's momentum, as in PyTorch: v = μ v + g, w = w - η (g + μ v) (Y. Nesterov, 1983; I.
 * Sutskever et al., "On the importance of initialization and momentum in deep learning", 2013, section 2).
 *
 * @param learningRate η
 * @param momentum μ, in [0, 1)
 */
public record Nesterov(float learningRate, float momentum) implements Optimizer {
    /** @throws IllegalArgumentException if a constant is out of its range */
    public Nesterov {
        Optimizer.checkLearningRate(learningRate);
        Optimizer.checkFraction("The momentum", momentum);
    }

    @Override
    public List<String> slots() {
        return List.of("velocity");
    }

    @Override
    public int rateCount() {
        return 2;
    }

    /** η for the gradient, η μ for the velocity. */
    @Override
    public float[] rates(long step, double learningRate) {
        return new float[] {(float) learningRate, (float) (learningRate * momentum)};
    }

    @Override
    public void update(Ops ops, Parameters parameters, List<Tensor> state, Tensor rates) {
        Tensor velocity = state.get(0);
        Shape single = new Shape(1, 1);
        ops.axpby(1, parameters.gradients(), momentum, velocity);
        ops.sgd(parameters.values(), parameters.gradients(), rates.view(0, single));
        ops.sgd(parameters.values(), velocity, rates.view(1, single));
    }
}
