package bpnn.spi;

import bpnn.random.Philox;
import bpnn.random.Purpose;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The definition of every fused kernel, composed of primitives. The code fixes the order of rounding: each primitive
 * rounds once per element (an fma counts as one operation), and a backend in {@link Numerics#EXACT} gives the bits that
 * this code gives on {@link Reference}.
 *
 * <p>Constants such as the batch size enter as scalars by {@link Kernels#fill}; a division is never replaced by a
 * multiplication with the reciprocal.
 */
public final class Composed {
    static final int FIRST = 1;
    static final int SECOND = 2;
    static final int THIRD = 3;
    private static final int SCALAR = 0;

    private Composed() {}

    static Matrix scalar(Kernels k, float value) {
        Matrix scalar = k.scratch().matrix(SCALAR, 1, 1);
        k.fill(scalar, value);
        return scalar;
    }

    static Matrix scratch(Kernels k, int slot, Matrix like) {
        return k.scratch().matrix(slot, like.rows(), like.cols());
    }

    /** {@link Kernels#gatherBatch}. */
    public static void gatherBatch(
            Kernels k,
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
        k.gatherRows(images, order, position, scale, shift, x);
        k.gatherRows(labels, order, position, targetScale, targetShift, targets);
    }

    /** {@link Kernels#gatherAugmented}: images are distorted on the host and uploaded. */
    public static void gatherAugmented(
            Kernels k,
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
        int[] now = new int[Clock.LENGTH];
        clock.buffer().download(clock.offset(), now, 0, Clock.LENGTH);
        float[] weights = new float[smoothing.size()];
        smoothing.buffer().download(smoothing.offset(), weights, 0, weights.length);
        int[] rows = new int[x.rows()];
        if (order == null) {
            Arrays.setAll(rows, i -> now[Clock.BATCH] + i);
        } else {
            order.buffer().download(order.offset() + now[Clock.BATCH], rows, 0, rows.length);
        }
        ImageDistortion distortion = new ImageDistortion(augmentation, weights);
        byte[] pixels = new byte[x.cols()];
        float[] values = new float[x.size()];
        for (int i = 0; i < rows.length; i++) {
            images.buffer().download(images.offset() + rows[i] * x.cols(), pixels, 0, pixels.length);
            distortion.apply(pixels, 0, now[Clock.EPOCH], rows[i], values, i * x.cols());
        }
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.fma(values[i], scale, shift);
        }
        x.buffer().upload(x.offset(), values, 0, values.length);
        Matrix position = new Matrix(clock.buffer(), clock.offset() + Clock.BATCH, 1, 1);
        k.gatherRows(labels, order, position, targetScale, targetShift, targets);
    }

    /** {@link Kernels#denseForward}. */
    public static void denseForward(
            Kernels k, Matrix x, Matrix w, @Nullable Matrix bias, Activation activation, Matrix y) {
        k.gemm(1, x, false, w, false, 0, y);
        if (bias != null) {
            k.zip(BinaryOp.ADD, y, bias, y);
        }
        activate(k, activation, y);
    }

    /** {@link Kernels#denseDropoutForward}. */
    public static void denseDropoutForward(
            Kernels k,
            Matrix x,
            Matrix w,
            @Nullable Matrix bias,
            Activation activation,
            DropoutSpec spec,
            Matrix clock,
            Matrix mask,
            Matrix y,
            Matrix dropped) {
        k.denseForward(x, w, bias, activation, y);
        k.dropout(y, spec, clock, mask, dropped);
    }

    /** {@link Kernels#denseBackward}. */
    public static void denseBackward(
            Kernels k, Matrix x, Matrix w, Matrix dy, Matrix dw, @Nullable Matrix dbias, @Nullable Matrix dx) {
        k.gemm(1, x, true, dy, false, 0, dw);
        gradients(k, w, dy, dbias, dx);
    }

    /** The gradients of the bias and of the input. */
    private static void gradients(Kernels k, Matrix w, Matrix dy, @Nullable Matrix dbias, @Nullable Matrix dx) {
        if (dbias != null) {
            k.reduce(Reduction.SUM, Axis.ROWS, dy, dbias);
        }
        if (dx != null) {
            k.gemm(1, dy, false, w, true, 0, dx);
        }
    }

    /** {@link Kernels#denseLayerBackward}. */
    public static void denseLayerBackward(
            Kernels k,
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
        throughActivation(k, activation, y, mask, dy, dz);
        if (dw == null) {
            gradients(k, w, dz, dbias, dx);
        } else {
            k.denseBackward(x, w, dz, dw, dbias, dx);
        }
    }

    /** dz = (dy · mask) · activation', rounded twice; a missing mask or activation is skipped. */
    static void throughActivation(
            Kernels k, Activation activation, Matrix y, @Nullable Matrix mask, Matrix dy, Matrix dz) {
        if (mask == null) {
            k.activationBackward(activation, y, dy, dz);
        } else {
            k.dropoutBackward(dy, mask, dz);
            if (activation != Activation.IDENTITY) {
                k.activationBackward(activation, y, dz, dz);
            }
        }
    }

    static void activate(Kernels k, Activation activation, Matrix y) {
        if (activation != Activation.IDENTITY) {
            k.map(activation.op(), y, y);
        }
    }

    /**
     * {@link Kernels#activationBackward}: tanh dy · (1 - y·y), sigmoid dy · (y · (1 - y)), relu dy · [y > 0], the
     * difference 1 - a as fma(-1, a, 1).
     */
    public static void activationBackward(Kernels k, Activation activation, Matrix y, Matrix dy, Matrix dx) {
        Matrix derivative = scratch(k, FIRST, y);
        switch (activation) {
            case IDENTITY -> {
                k.map(UnaryOp.COPY, dy, dx);
                return;
            }
            case TANH -> {
                Matrix square = scratch(k, SECOND, y);
                k.zip(BinaryOp.MULTIPLY, y, y, square);
                k.fill(derivative, 1);
                k.axpby(-1, square, 1, derivative);
            }
            case SIGMOID -> {
                k.fill(derivative, 1);
                k.axpby(-1, y, 1, derivative);
                k.zip(BinaryOp.MULTIPLY, derivative, y, derivative);
            }
            case RELU -> k.zip(BinaryOp.GREATER, y, scalar(k, 0), derivative);
        }
        k.zip(BinaryOp.MULTIPLY, dy, derivative, dx);
    }

    /** {@link Kernels#dropout}: the mask is generated on the host and uploaded. */
    public static void dropout(Kernels k, Matrix x, DropoutSpec spec, Matrix clock, Matrix mask, Matrix y) {
        int[] step = new int[1];
        clock.buffer().download(clock.offset() + Clock.TOTAL, step, 0, 1);
        int drawn = spec.perBatch() ? x.cols() : x.size();
        int[] words = new int[drawn];
        Philox.fill(spec.seed(), Purpose.DROPOUT, step[0], spec.layer(), 0, words, 0, drawn);
        float[] values = new float[x.size()];
        for (int i = 0; i < values.length; i++) {
            int word = words[spec.perBatch() ? i % x.cols() : i];
            values[i] = Integer.compareUnsigned(word, spec.threshold()) < 0 ? 0f : spec.scale();
        }
        mask.buffer().upload(mask.offset(), values, 0, values.length);
        k.zip(BinaryOp.MULTIPLY, x, mask, y);
    }

    /** {@link Kernels#dropoutBackward}. */
    public static void dropoutBackward(Kernels k, Matrix dy, Matrix mask, Matrix dx) {
        k.zip(BinaryOp.MULTIPLY, dy, mask, dx);
    }

    /**
     * {@link Kernels#softmaxCrossEntropy}: z = logits - max, e = exp z, s = Σ e, loss = -Σ t · (z - log s), gradient
     * (e / s - t) / batch.
     */
    public static void softmaxCrossEntropy(
            Kernels k, Matrix logits, Matrix targets, Matrix losses, @Nullable Matrix dlogits) {
        Matrix z = scratch(k, FIRST, logits);
        Matrix e = scratch(k, SECOND, logits);
        Matrix sum = k.scratch().matrix(THIRD, logits.rows(), 1);
        k.reduce(Reduction.MAX, Axis.COLUMNS, logits, sum);
        k.zip(BinaryOp.SUBTRACT, logits, sum, z);
        k.map(UnaryOp.EXP, z, e);
        k.reduce(Reduction.SUM, Axis.COLUMNS, e, sum);
        if (dlogits != null) {
            k.zip(BinaryOp.DIVIDE, e, sum, dlogits);
            k.zip(BinaryOp.SUBTRACT, dlogits, targets, dlogits);
            k.zip(BinaryOp.DIVIDE, dlogits, scalar(k, logits.rows()), dlogits);
        }
        k.map(UnaryOp.LOG, sum, sum);
        k.zip(BinaryOp.SUBTRACT, z, sum, z);
        k.zip(BinaryOp.MULTIPLY, z, targets, z);
        k.reduce(Reduction.SUM, Axis.COLUMNS, z, losses);
        k.axpby(-1, losses, 0, losses);
    }

    /** {@link Kernels#recordLoss}: Σ losses / batch. */
    public static void recordLoss(Kernels k, Matrix losses, Matrix clock, Matrix history) {
        int[] step = new int[1];
        clock.buffer().download(clock.offset() + Clock.STEP, step, 0, 1);
        Matrix entry = new Matrix(history.buffer(), history.offset() + step[0], 1, 1);
        k.reduce(Reduction.SUM, Axis.ROWS, losses, entry);
        k.zip(BinaryOp.DIVIDE, entry, scalar(k, losses.rows()), entry);
    }

    /** {@link Kernels#trainingLoss}. */
    public static void trainingLoss(
            Kernels k, Matrix logits, Matrix targets, Matrix losses, Matrix dlogits, Matrix clock, Matrix history) {
        k.softmaxCrossEntropy(logits, targets, losses, dlogits);
        k.recordLoss(losses, clock, history);
    }

    /** {@link Kernels#advance}. */
    public static void advance(Matrix clock, int batch) {
        int[] counters = new int[Clock.LENGTH];
        clock.buffer().download(clock.offset(), counters, 0, Clock.LENGTH);
        counters[Clock.STEP]++;
        counters[Clock.BATCH] += batch;
        counters[Clock.TOTAL]++;
        clock.buffer().upload(clock.offset(), counters, 0, Clock.LENGTH);
    }

    /** {@link Kernels#argmax}: n - max_j (n - j) · [x_j = max x]. */
    public static void argmax(Kernels k, Matrix x, Matrix y) {
        int n = x.cols();
        Matrix equal = scratch(k, FIRST, x);
        Matrix weights = k.scratch().matrix(SECOND, 1, n);
        float[] descending = new float[n];
        for (int j = 0; j < n; j++) {
            descending[j] = n - j;
        }
        weights.buffer().upload(weights.offset(), descending, 0, n);
        k.reduce(Reduction.MAX, Axis.COLUMNS, x, y);
        k.zip(BinaryOp.EQUAL, x, y, equal);
        k.zip(BinaryOp.MULTIPLY, equal, weights, equal);
        k.reduce(Reduction.MAX, Axis.COLUMNS, equal, y);
        Matrix width = k.scratch().matrix(THIRD, y.rows(), 1);
        k.fill(width, n);
        k.zip(BinaryOp.SUBTRACT, width, y, y);
    }

    /** 1 - fraction, computed in float64 and rounded once. */
    public static float oneMinus(float fraction) {
        return (float) (1.0 - fraction);
    }

    /** {@link Kernels#sgd}: w - (g · η). */
    public static void sgd(Kernels k, Matrix w, Matrix g, Matrix rates) {
        Matrix change = scratch(k, FIRST, w);
        k.zip(BinaryOp.MULTIPLY, g, rates, change);
        k.zip(BinaryOp.SUBTRACT, w, change, w);
    }

    /** {@link Kernels#momentum}: v = fma(1, g, μ · v), then as {@link #sgd} with v. */
    public static void momentum(Kernels k, Matrix w, Matrix g, Matrix velocity, float momentum, Matrix rates) {
        k.axpby(1, g, momentum, velocity);
        sgd(k, w, velocity, rates);
    }

    /**
     * {@link Kernels#adam}: m = fma(1 - β₁, g, β₁ · m), v = fma(1 - β₂, g · g, β₂ · v), w - (m / (√v · rates₁ +
     * rates₂)) · rates₀. 1 - β is computed in float64 from the float32 β and rounded once ({@link #oneMinus}).
     */
    public static void adam(Kernels k, Matrix w, Matrix g, Matrix m, Matrix v, float beta1, float beta2, Matrix rates) {
        Matrix change = scratch(k, FIRST, w);
        k.axpby(oneMinus(beta1), g, beta1, m);
        k.zip(BinaryOp.MULTIPLY, g, g, change);
        k.axpby(oneMinus(beta2), change, beta2, v);
        Matrix denominator = scratch(k, SECOND, w);
        k.map(UnaryOp.SQRT, v, denominator);
        k.zip(BinaryOp.MULTIPLY, denominator, rate(rates, 1), denominator);
        k.zip(BinaryOp.ADD, denominator, rate(rates, 2), denominator);
        k.zip(BinaryOp.DIVIDE, m, denominator, change);
        k.zip(BinaryOp.MULTIPLY, change, rate(rates, 0), change);
        k.zip(BinaryOp.SUBTRACT, w, change, w);
    }

    private static Matrix rate(Matrix rates, int index) {
        return new Matrix(rates.buffer(), rates.offset() + index, 1, 1);
    }
}
