package bpnn.nn;

import bpnn.tensor.Ops;
import bpnn.tensor.Tensor;
import java.util.List;

/**
 * Gradient descent with momentum, as in PyTorch: v = μ v + g, w = w - η v (B. T. Polyak, 1964).
 *
 * @param learningRate η
 * @param momentum μ, in [0, 1)
 */
public record Momentum(float learningRate, float momentum) implements Optimizer {
    public Momentum {
        Optimizer.checkLearningRate(learningRate);
        Optimizer.checkFraction("The momentum", momentum);
    }

    @Override
    public List<String> slots() {
        return List.of("velocity");
    }

    @Override
    public int rateCount() {
        return 1;
    }

    @Override
    public float[] rates(long step, double learningRate) {
        return new float[] {(float) learningRate};
    }

    @Override
    public void update(Ops ops, Parameters parameters, List<Tensor> state, Tensor rates) {
        ops.momentum(parameters.values(), parameters.gradients(), state.get(0), momentum, rates);
    }
}
