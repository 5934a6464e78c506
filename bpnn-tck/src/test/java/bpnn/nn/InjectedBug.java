package bpnn.nn;

import bpnn.spi.Activation;
import bpnn.spi.Axis;
import bpnn.spi.Backend;
import bpnn.spi.BinaryOp;
import bpnn.spi.DropoutSpec;
import bpnn.spi.Kernels;
import bpnn.spi.Matrix;
import bpnn.spi.Reduction;
import bpnn.spi.UnaryOp;
import bpnn.tck.oracle.Float64Kernels;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Classic training bugs, injected into otherwise correct kernels. */
@SuppressWarnings("ImmutableEnumChecker") // the functions hold nothing
enum InjectedBug implements Function<Backend, Kernels> {
    DROPOUT_SCALED_TWICE(b -> new Float64Kernels(b) {
        @Override
        public void dropoutBackward(Matrix dy, Matrix mask, Matrix dx) {
            super.dropoutBackward(dy, mask, dx);
            axpby(1 / 0.7f, dx, 0, dx);
        }
    }),
    MASK_OMITTED_BACKWARD(b -> new Float64Kernels(b) {
        @Override
        public void dropoutBackward(Matrix dy, Matrix mask, Matrix dx) {
            map(UnaryOp.COPY, dy, dx);
        }
    }),
    ACTIVATION_GRADIENT_BEFORE_BATCH_NORM(GradientBeforeBatchNorm::new),
    GAMMA_GRADIENT_SUMMED_TO_A_SCALAR(b -> new Float64Kernels(b) {
        @Override
        public void batchNormBackward(
                Matrix x, Matrix gamma, Matrix mean, Matrix s, Matrix dy, Matrix dgamma, Matrix dbeta, Matrix dx) {
            super.batchNormBackward(x, gamma, mean, s, dy, dgamma, dbeta, dx);
            Matrix sum = scratch().matrix(SPARE, 1, 1);
            reduce(Reduction.SUM, Axis.COLUMNS, dgamma, sum);
            fill(dgamma, 0);
            zip(BinaryOp.ADD, dgamma, sum, dgamma);
        }
    }),
    STATISTICS_TREATED_AS_CONSTANTS(b -> new BatchNormBackward(b, 0, 0)),
    VARIANCE_TERM_MISSING(b -> new BatchNormBackward(b, 1, 0)),
    BATCH_MINUS_ONE_IN_BACKWARD(b -> new BatchNormBackward(b, 7 / 6f, 7 / 6f)),
    BATCH_NORM_OVER_THE_WRONG_AXIS(b -> new Float64Kernels(b) {
        @Override
        public void batchNormTrain(
                Matrix x,
                Matrix gamma,
                Matrix beta,
                float epsilon,
                float momentum,
                Matrix runningMean,
                Matrix runningVariance,
                Matrix mean,
                Matrix inverseStd,
                Activation activation,
                Matrix y) {
            Matrix square = scratch().matrix(SPARE, x.rows(), x.cols());
            Matrix column = scratch().matrix(SPARE + 1, x.rows(), 1);
            reduce(Reduction.SUM, Axis.COLUMNS, x, column);
            axpby(1f / x.cols(), column, 0, column);
            zip(BinaryOp.SUBTRACT, x, column, y);
            zip(BinaryOp.MULTIPLY, y, y, square);
            reduce(Reduction.SUM, Axis.COLUMNS, square, column);
            axpby(1f / x.cols(), column, 0, column);
            map(UnaryOp.SQRT, column, column);
            zip(BinaryOp.DIVIDE, y, column, y);
        }
    }),
    NOT_DIVIDED_BY_THE_BATCH(b -> new Float64Kernels(b) {
        @Override
        public void softmaxCrossEntropy(Matrix logits, Matrix targets, Matrix losses, @Nullable Matrix dlogits) {
            super.softmaxCrossEntropy(logits, targets, losses, dlogits);
            if (dlogits != null) {
                axpby(logits.rows(), dlogits, 0, dlogits);
            }
        }
    }),
    LOG_OF_PROBABILITY_PLUS_EPSILON(b -> new Float64Kernels(b) {
        @Override
        public void softmaxCrossEntropy(Matrix logits, Matrix targets, Matrix losses, @Nullable Matrix dlogits) {
            super.softmaxCrossEntropy(logits, targets, losses, dlogits);
            Matrix small = scratch().matrix(SPARE, 1, 1);
            fill(small, 1e-8f);
            axpby(-1, losses, 0, losses);
            map(UnaryOp.EXP, losses, losses);
            zip(BinaryOp.ADD, losses, small, losses);
            map(UnaryOp.LOG, losses, losses);
            axpby(-1, losses, 0, losses);
        }
    }),
    ONE_MASK_FOR_THE_WHOLE_BATCH(b -> new Float64Kernels(b) {
        @Override
        public void dropout(Matrix x, DropoutSpec spec, Matrix clock, Matrix mask, Matrix y) {
            super.dropout(x, new DropoutSpec(spec.seed(), spec.layer(), spec.rate(), true), clock, mask, y);
        }
    }),
    RUNNING_VARIANCE_BIASED(b -> new Float64Kernels(b) {
        @Override
        public void axpby(float alpha, Matrix x, float beta, Matrix y) {
            boolean running = beta != 0 && beta == 1 - BatchNorm.MOMENTUM;
            super.axpby(running ? BatchNorm.MOMENTUM : alpha, x, beta, y);
        }
    }),
    ONLY_WEIGHTS_UPDATED(b -> new Float64Kernels(b) {
        @Override
        public void sgd(Matrix w, Matrix g, Matrix rates) {
            Matrix first = new Matrix(w.buffer(), w.offset(), 1, 6 * 16);
            super.sgd(first, new Matrix(g.buffer(), g.offset(), 1, 6 * 16), rates);
        }
    });

    private static final int SPARE = 8;

    private final Function<Backend, Kernels> kernels;

    InjectedBug(Function<Backend, Kernels> kernels) {
        this.kernels = kernels;
    }

    @Override
    public Kernels apply(Backend backend) {
        return kernels.apply(backend);
    }

    /** Evaluates the derivative of tanh at the input of batch normalisation, like the code of the article. */
    private static final class GradientBeforeBatchNorm extends Float64Kernels {
        private @Nullable Matrix input;
        private @Nullable Matrix output;

        GradientBeforeBatchNorm(Backend backend) {
            super(backend);
        }

        @Override
        public void batchNormTrain(
                Matrix x,
                Matrix gamma,
                Matrix beta,
                float epsilon,
                float momentum,
                Matrix runningMean,
                Matrix runningVariance,
                Matrix mean,
                Matrix inverseStd,
                Activation activation,
                Matrix y) {
            super.batchNormTrain(
                    x, gamma, beta, epsilon, momentum, runningMean, runningVariance, mean, inverseStd, activation, y);
            input = x;
            output = y;
        }

        @Override
        public void activationBackward(Activation activation, Matrix y, Matrix dy, Matrix dx) {
            Matrix at = y;
            if (input != null && y.equals(output)) {
                at = scratch().matrix(SPARE, y.rows(), y.cols());
                map(activation.op(), input, at);
            }
            super.activationBackward(activation, at, dy, dx);
        }
    }

    /** dx = (dy - p dβ / batch - q x̂ dγ / batch) γ / σ with p and q that should be 1. */
    private static final class BatchNormBackward extends Float64Kernels {
        private final float p;
        private final float q;

        BatchNormBackward(Backend backend, float p, float q) {
            super(backend);
            this.p = p;
            this.q = q;
        }

        @Override
        public void batchNormBackward(
                Matrix x, Matrix gamma, Matrix mean, Matrix s, Matrix dy, Matrix dgamma, Matrix dbeta, Matrix dx) {
            Matrix right = scratch().matrix(SPARE, x.rows(), x.cols());
            super.batchNormBackward(x, gamma, mean, s, dy, dgamma, dbeta, right);
            Matrix normalised = scratch().matrix(SPARE + 1, x.rows(), x.cols());
            Matrix row = scratch().matrix(SPARE + 2, 1, x.cols());
            zip(BinaryOp.SUBTRACT, x, mean, normalised);
            zip(BinaryOp.MULTIPLY, normalised, s, normalised);
            axpby(q / x.rows(), dgamma, 0, row);
            zip(BinaryOp.MULTIPLY, normalised, row, normalised);
            axpby(p / x.rows(), dbeta, 0, row);
            zip(BinaryOp.SUBTRACT, dy, row, dx);
            zip(BinaryOp.SUBTRACT, dx, normalised, dx);
            zip(BinaryOp.MULTIPLY, gamma, s, row);
            zip(BinaryOp.MULTIPLY, dx, row, dx);
        }
    }
}
