package bpnn.nn;

import bpnn.spi.Axis;
import bpnn.spi.BinaryOp;
import bpnn.spi.Reduction;
import bpnn.spi.UnaryOp;
import bpnn.tensor.Ops;
import bpnn.tensor.Shape;
import bpnn.tensor.Tensor;
import bpnn.tensor.TensorScope;

/**
 * Gradient clipping, L2 regularisation and max-norm, composed of primitives, so that every exact backend gives the bits
 * of the reference. For a limitNorm c, vectors are multiplied by c / max(norm, c); the maximum is computed as relu(norm
 * - c) + c, so that a norm within the limitNorm gives a factor of exactly 1.
 */
final class NormConstraints {
    /** Added to the gradient norm, as in PyTorch's clip_grad_norm_. */
    private static final float CLIP_EPSILON = 1e-6f;

    private final Ops ops;
    private final Parameters parameters;
    private final Refinements refinements;
    private final Tensor squares;
    private final Tensor norms;
    private final Tensor factors;
    private final Tensor constant;

    NormConstraints(Ops ops, TensorScope scope, Parameters parameters, Refinements refinements) {
        boolean used = refinements.clipNorm() > 0 || refinements.maxNorm() > 0;
        int widest = used
                ? parameters.list().stream()
                        .mapToInt(p -> p.value().cols())
                        .max()
                        .orElse(1)
                : 0;
        this.ops = ops;
        this.parameters = parameters;
        this.refinements = refinements;
        this.squares = scope.zeros(1, used ? parameters.values().cols() : 0);
        this.norms = scope.zeros(1, widest);
        this.factors = scope.zeros(1, widest);
        this.constant = scope.zeros(1, 1);
    }

    /** Before the optimiser: clips the gradients, then adds the L2 term. */
    void beforeUpdate() {
        Tensor gradients = parameters.gradients();
        if (refinements.clipNorm() > 0) {
            limitNorm(gradients, Axis.COLUMNS, 1, CLIP_EPSILON, refinements.clipNorm());
        }
        if (refinements.l2() > 0) {
            ops.axpby(refinements.l2(), parameters.values(), 1, gradients);
        }
    }

    /** After the optimiser: rescales the weights of each unit. */
    void afterUpdate() {
        if (refinements.maxNorm() > 0) {
            for (Parameter parameter : parameters.list()) {
                if (parameter.isDenseWeight()) {
                    Tensor weight = parameter.value();
                    limitNorm(weight, Axis.ROWS, weight.cols(), 0, refinements.maxNorm());
                }
            }
        }
    }

    /** Limits the norm of the {@code count} vectors of {@code x} along an axis. */
    private void limitNorm(Tensor x, Axis axis, int count, float epsilon, float maximum) {
        Tensor square = squares.view(0, x.shape());
        Tensor norm = norms.view(0, new Shape(1, count));
        Tensor factor = factors.view(0, new Shape(1, count));
        ops.zip(BinaryOp.MULTIPLY, x, x, square);
        ops.reduce(Reduction.SUM, axis, square, norm);
        ops.map(UnaryOp.SQRT, norm, norm);
        if (epsilon > 0) {
            add(norm, epsilon);
        }
        add(norm, -maximum);
        ops.map(UnaryOp.RELU, norm, norm);
        add(norm, maximum);
        ops.fill(factor, maximum);
        ops.zip(BinaryOp.DIVIDE, factor, norm, factor);
        ops.zip(BinaryOp.MULTIPLY, x, factor, x);
    }

    private void add(Tensor x, float value) {
        ops.fill(constant, value);
        ops.zip(BinaryOp.ADD, x, constant, x);
    }
}
