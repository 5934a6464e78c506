package bpnn.nn;

import bpnn.spi.BinaryOp;
import bpnn.tensor.Ops;
import bpnn.tensor.Shape;
import bpnn.tensor.Tensor;
import java.util.List;

/**
 * Adam with decoupled weight decay, as in PyTorch: w = w (1 - η λ) before each step (I. Loshchilov and F. Hutter,
 * "Decoupled weight decay regularization", 2019, algorithm 2). All parameters decay, biases included.
 *
 * @param adam the Adam step
 * @param weightDecay λ, at least 0
 */
public record AdamW(Adam adam, float weightDecay) implements Optimizer {
    public AdamW {
        if (!(weightDecay >= 0 && weightDecay < Float.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("The weight decay must be at least 0 and finite, but is " + weightDecay);
        }
    }

    @Override
    public float learningRate() {
        return adam.learningRate();
    }

    @Override
    public List<String> slots() {
        return adam.slots();
    }

    @Override
    public int rateCount() {
        return adam.rateCount() + 1;
    }

    @Override
    public float[] rates(long step, double learningRate) {
        float[] rates = new float[rateCount()];
        System.arraycopy(adam.rates(step, learningRate), 0, rates, 0, adam.rateCount());
        rates[adam.rateCount()] = (float) (1 - learningRate * weightDecay);
        return rates;
    }

    @Override
    public void update(Ops ops, Parameters parameters, List<Tensor> state, Tensor rates) {
        Tensor decay = rates.view(adam.rateCount(), new Shape(1, 1));
        ops.zip(BinaryOp.MULTIPLY, parameters.values(), decay, parameters.values());
        adam.update(ops, parameters, state, rates.view(0, new Shape(1, adam.rateCount())));
    }
}
