package bpnn.tck;

import bpnn.spi.Activation;
import bpnn.spi.Augmentation;
import bpnn.spi.Backend;
import bpnn.spi.BinaryOp;
import bpnn.spi.Buffer;
import bpnn.spi.Clock;
import bpnn.spi.DropoutSpec;
import bpnn.spi.ElementType;
import bpnn.spi.HeapBuffer;
import bpnn.spi.Kernels;
import bpnn.spi.Matrix;
import bpnn.spi.Reference;
import bpnn.spi.UnaryOp;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Faults injected into fused kernels of the reference. */
@SuppressWarnings("ImmutableEnumChecker") // the functions hold nothing
enum FusedFault implements Function<Backend, Kernels> {
    LAYER_GRADIENT_WITHOUT_THE_MASK(b -> new Reference(b) {
        @Override
        public void denseLayerBackward(
                Matrix x,
                Matrix w,
                Activation activation,
                Matrix y,
                @Nullable Matrix mask,
                Matrix dy,
                Matrix dz,
                @Nullable Matrix dw,
                @Nullable Matrix dbias,
                @Nullable Matrix dx) {
            super.denseLayerBackward(x, w, activation, y, null, dy, dz, dw, dbias, dx);
        }
    }),
    SCALES_TARGETS_LIKE_PIXELS(b -> new Reference(b) {
        @Override
        public void gatherBatch(
                Matrix images,
                Matrix labels,
                @Nullable Matrix order,
                Matrix position,
                float scale,
                float shift,
                float targetScale,
                float targetShift,
                Matrix x,
                Matrix targets) {
            super.gatherBatch(images, labels, order, position, scale, shift, scale, shift, x, targets);
        }
    }),
    THE_SAME_DISTORTION_IN_EVERY_EPOCH(b -> new Reference(b) {
        @Override
        public void gatherAugmented(
                Matrix images,
                Matrix labels,
                @Nullable Matrix order,
                Matrix clock,
                Augmentation augmentation,
                Matrix smoothing,
                float scale,
                float shift,
                float targetScale,
                float targetShift,
                Matrix x,
                Matrix targets) {
            int[] time = HeapBuffer.ints(clock);
            int epoch = time[clock.offset() + Clock.EPOCH];
            time[clock.offset() + Clock.EPOCH] = 1;
            super.gatherAugmented(
                    images,
                    labels,
                    order,
                    clock,
                    augmentation,
                    smoothing,
                    scale,
                    shift,
                    targetScale,
                    targetShift,
                    x,
                    targets);
            time[clock.offset() + Clock.EPOCH] = epoch;
        }
    }),
    ARGMAX_IS_THE_LAST(b -> new Reference(b) {
        @Override
        public void argmax(Matrix x, Matrix y) {
            super.argmax(x, y);
            for (int i = 0; i < x.rows(); i++) {
                int row = x.offset() + i * x.cols();
                int best = (int) HeapBuffer.floats(y)[y.offset() + i];
                for (int j = best; j < x.cols(); j++) {
                    if (HeapBuffer.floats(x)[row + j] == HeapBuffer.floats(x)[row + best]) {
                        HeapBuffer.floats(y)[y.offset() + i] = j;
                    }
                }
            }
        }
    }),
    MOMENTUM_WITH_DAMPENING(b -> new Reference(b) {
        @Override
        public void momentum(Matrix w, Matrix g, Matrix velocity, float momentum, Matrix rates) {
            axpby(1 - momentum, g, momentum, velocity);
            sgd(w, velocity, rates);
        }
    }),
    ADAM_EPSILON_INSIDE_THE_ROOT(b -> new Reference(b) {
        @Override
        public void adam(Matrix w, Matrix g, Matrix m, Matrix v, float beta1, float beta2, Matrix rates) {
            Matrix change = scratch().matrix(SPARE, w.rows(), w.cols());
            Matrix epsilon = new Matrix(rates.buffer(), rates.offset() + 2, 1, 1);
            axpby(1 - beta1, g, beta1, m);
            zip(BinaryOp.MULTIPLY, g, g, change);
            axpby(1 - beta2, change, beta2, v);
            zip(BinaryOp.ADD, v, epsilon, change);
            map(UnaryOp.SQRT, change, change);
            zip(BinaryOp.MULTIPLY, change, new Matrix(rates.buffer(), rates.offset() + 1, 1, 1), change);
            zip(BinaryOp.DIVIDE, m, change, change);
            zip(BinaryOp.MULTIPLY, change, new Matrix(rates.buffer(), rates.offset(), 1, 1), change);
            zip(BinaryOp.SUBTRACT, w, change, w);
        }
    }),
    ONE_MASK_FOR_THE_WHOLE_BATCH(b -> new Reference(b) {
        @Override
        public void dropout(Matrix x, DropoutSpec spec, Matrix clock, Matrix mask, Matrix y) {
            super.dropout(x, new DropoutSpec(spec.seed(), spec.layer(), spec.rate(), true), clock, mask, y);
        }
    }),
    SOFTMAX_WITHOUT_THE_MAXIMUM(b -> new Reference(b) {
        @Override
        public void softmaxCrossEntropy(Matrix logits, Matrix targets, Matrix losses, @Nullable Matrix dlogits) {
            super.softmaxCrossEntropy(logits, targets, losses, dlogits);
            for (int i = 0; i < logits.size(); i++) {
                if (HeapBuffer.floats(logits)[logits.offset() + i] > 88.73f) {
                    HeapBuffer.floats(losses)[losses.offset() + i / logits.cols()] = Float.NaN;
                }
            }
        }
    }),
    STATISTICS_TREATED_AS_CONSTANTS(b -> new Reference(b) {
        @Override
        public void batchNormBackward(
                Matrix x, Matrix gamma, Matrix mean, Matrix s, Matrix dy, Matrix dgamma, Matrix dbeta, Matrix dx) {
            Matrix scale = scratch().matrix(SPARE, 1, x.cols());
            Matrix constant = scratch().matrix(SPARE + 1, x.rows(), x.cols());
            zip(BinaryOp.MULTIPLY, gamma, s, scale);
            zip(BinaryOp.MULTIPLY, dy, scale, constant);
            super.batchNormBackward(x, gamma, mean, s, dy, dgamma, dbeta, dx);
            map(UnaryOp.COPY, constant, dx);
        }
    }),
    SLOPE_OF_TANH_WITHOUT_THE_SQUARE(b -> new Reference(b) {
        @Override
        public void activationBackward(Activation activation, Matrix y, Matrix dy, Matrix dx) {
            super.activationBackward(activation, y, dy, dx);
            for (int i = 0; i < y.size() && activation == Activation.TANH; i++) {
                float value = HeapBuffer.floats(y)[y.offset() + i];
                HeapBuffer.floats(dx)[dx.offset() + i] /= 1 + Math.abs(value);
            }
        }
    }),
    LEAKS_A_BUFFER(Leaking::new),
    DIVIDES_BY_A_RECIPROCAL(b -> new Reference(b) {
        @Override
        public void zip(BinaryOp op, Matrix a, Matrix c, Matrix y) {
            if (op != BinaryOp.DIVIDE) {
                super.zip(op, a, c, y);
                return;
            }
            for (int i = 0; i < a.size(); i++) {
                int row = c.rows() == 1 ? 0 : i / a.cols() * c.cols();
                int col = c.cols() == 1 ? 0 : i % a.cols();
                float reciprocal = 1 / HeapBuffer.floats(c)[c.offset() + row + col];
                HeapBuffer.floats(y)[y.offset() + i] = HeapBuffer.floats(a)[a.offset() + i] * reciprocal;
            }
        }
    });

    private static final int SPARE = PrimitiveFault.SPARE;

    private final Function<Backend, Kernels> kernels;

    FusedFault(Function<Backend, Kernels> kernels) {
        this.kernels = kernels;
    }

    @Override
    public Kernels apply(Backend backend) {
        return kernels.apply(backend);
    }

    /** Allocates a buffer in each backward pass and never closes it. */
    private static final class Leaking extends Reference {
        private final Backend backend;
        private final List<Buffer> forgotten = new ArrayList<>();

        Leaking(Backend backend) {
            super(backend);
            this.backend = backend;
        }

        @Override
        public void denseBackward(
                Matrix x, Matrix w, Matrix dy, Matrix dw, @Nullable Matrix dbias, @Nullable Matrix dx) {
            forgotten.add(backend.allocate(ElementType.FLOAT32, 1));
            super.denseBackward(x, w, dy, dw, dbias, dx);
        }
    }
}
