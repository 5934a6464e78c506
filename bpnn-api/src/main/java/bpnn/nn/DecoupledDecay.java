package bpnn.nn;

import bpnn.spi.BinaryOp;
import bpnn.tensor.Ops;
import bpnn.tensor.Shape;
import bpnn.tensor.Tensor;
import java.util.List;

/**
 * Another optimiser with decoupled weight decay: w = w (1 - η λ) before each step (I. Loshchilov and F. Hutter, "Decoupled
 * weight decay regularization", 2019, algorithms 1 and 2), for the weights of dense layers alone: biases and the parameters
 * of batch normalisation do not decay.
 *
 * @param step the optimiser
 * @param decay λ, at least 0
 */
public record DecoupledDecay(Optimizer step, float decay) implements Optimizer {
    /** @throws IllegalArgumentException if the decay is negative or not finite */
    public DecoupledDecay {
        if (!(decay >= 0 && decay < Float.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("The weight decay must be at least 0 and finite, but is " + decay);
        }
    }

    @Override
    public float learningRate() {
        return step.learningRate();
    }

    @Override
    public List<String> slots() {
        return step.slots();
    }

    @Override
    public int rateCount() {
        return step.rateCount() + 1;
    }

    /** Those of the optimiser, then 1 - η λ. */
    @Override
    public float[] rates(long number, double learningRate) {
        float[] rates = new float[rateCount()];
        System.arraycopy(step.rates(number, learningRate), 0, rates, 0, step.rateCount());
        rates[step.rateCount()] = (float) (1 - learningRate * decay);
        return rates;
    }

    @Override
    public void update(Ops ops, Parameters parameters, List<Tensor> state, Tensor rates) {
        Tensor kept = rates.view(step.rateCount(), new Shape(1, 1));
        for (Parameter parameter : parameters.list()) {
            if (parameter.isDenseWeight()) {
                ops.zip(BinaryOp.MULTIPLY, parameter.value(), kept, parameter.value());
            }
        }
        step.update(ops, parameters, state, rates.view(0, new Shape(1, step.rateCount())));
    }
}
