package bpnn.nn;

import bpnn.tensor.Ops;
import bpnn.tensor.Tensor;
import bpnn.tensor.TensorScope;

/**
 * The loss: the batch mean of -Σ_j t_j log softmax(logits)_j, by log-sum-exp. Its gradient with respect to the logits
 * is (softmax(logits) - t) / batch.
 */
public final class SoftmaxCrossEntropy {
    private final Ops ops;
    private final Tensor losses;
    private final Tensor gradient;

    /** @param capacity maximum batch size */
    public SoftmaxCrossEntropy(Ops ops, TensorScope scope, int classes, int capacity) {
        this.ops = ops;
        this.losses = scope.zeros(capacity, 1);
        this.gradient = scope.zeros(capacity, classes);
    }

    /**
     * The loss of each example, [batch, 1].
     *
     * @param logits [batch, classes]
     * @param targets [batch, classes], each row a probability distribution
     */
    public Tensor losses(Tensor logits, Tensor targets) {
        Tensor result = losses.firstRows(logits.rows());
        ops.softmaxCrossEntropy(logits, targets, result, null);
        return result;
    }

    /**
     * The gradient of the mean loss with respect to the logits, [batch, classes]; also records the mean loss in {@code
     * history} at the step of the clock.
     */
    public Tensor gradient(Tensor logits, Tensor targets, Tensor clock, Tensor history) {
        Tensor examples = losses.firstRows(logits.rows());
        Tensor result = gradient.firstRows(logits.rows());
        ops.trainingLoss(logits, targets, examples, result, clock, history);
        return result;
    }
}
