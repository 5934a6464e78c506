package bpnn.nn;

import bpnn.tensor.Ops;
import bpnn.tensor.Tensor;
import java.util.List;

/** Stochastic gradient descent: w = w - η g. */
public record Sgd(float learningRate) implements Optimizer {
    public Sgd {
        Optimizer.checkLearningRate(learningRate);
    }

    @Override
    public List<String> slots() {
        return List.of();
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
        ops.sgd(parameters.values(), parameters.gradients(), rates);
    }
}
