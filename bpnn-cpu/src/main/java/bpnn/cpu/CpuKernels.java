package bpnn.cpu;

import static bpnn.spi.HeapBuffer.floats;
import static bpnn.spi.HeapBuffer.ints;

import bpnn.spi.Activation;
import bpnn.spi.Augmentation;
import bpnn.spi.Axis;
import bpnn.spi.Backend;
import bpnn.spi.BinaryOp;
import bpnn.spi.Clock;
import bpnn.spi.DropoutSpec;
import bpnn.spi.Matrix;
import bpnn.spi.Reduction;
import bpnn.spi.Reference;
import bpnn.spi.UnaryOp;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The kernels of the backend: each splits its work among the threads, here or in its own class, and runs the inner
 * loops of an {@link Arithmetic}. Kernels that no training step uses are inherited from {@link Reference}.
 */
final class CpuKernels extends Reference {
    private final WorkerPool pool;
    private final Gemm gemm;
    private final Elementwise elementwise;
    private final ColumnSums columnSums;
    private final BatchNormalisation batchNormalisation;
    private final RowGather rowGather;
    private final Dropout dropout;
    private final ActivationBackward activationBackward;
    private final Updates updates;
    private final Losses losses;

    CpuKernels(Backend backend, WorkerPool pool, Arithmetic arithmetic) {
        super(backend);
        this.pool = pool;
        gemm = new Gemm(pool, arithmetic.plan());
        elementwise = arithmetic.elementwise();
        columnSums = new ColumnSums(pool, arithmetic.rowLoops());
        batchNormalisation = new BatchNormalisation(columnSums, arithmetic.rowLoops(), elementwise);
        rowGather = new RowGather(pool, arithmetic.scaleShift(), arithmetic.distortions());
        dropout = new Dropout(pool, arithmetic.masks(), elementwise);
        activationBackward = new ActivationBackward(columnSums, elementwise, arithmetic.rowLoops());
        updates = arithmetic.updates();
        losses = new Losses(pool);
    }

    @Override
    public void gemm(float alpha, Matrix a, boolean transA, Matrix b, boolean transB, float beta, Matrix c) {
        gemm.multiply(alpha, a, transA, b, transB, beta, c, Epilogue.NONE);
    }

    @Override
    public void fill(Matrix y, float value) {
        Arrays.fill(floats(y), y.offset(), y.offset() + y.size(), value);
    }

    @Override
    public void map(UnaryOp op, Matrix x, Matrix y) {
        pool.parallelForElements(
                x.size(),
                WorkerPool.GRAIN_COSTLY,
                (from, to) ->
                        elementwise.map(op, floats(x), x.offset() + from, floats(y), y.offset() + from, to - from));
    }

    @Override
    public void zip(BinaryOp op, Matrix a, Matrix b, Matrix y) {
        int stride = b.size() == 1 ? 0 : 1;
        if (stride == 1 && b.size() != a.size()) {
            super.zip(op, a, b, y);
            return;
        }
        pool.parallelForElements(
                a.size(),
                WorkerPool.GRAIN_CHEAP,
                (from, to) -> elementwise.zip(
                        op,
                        floats(a),
                        a.offset() + from,
                        floats(b),
                        b.offset() + from * stride,
                        stride,
                        floats(y),
                        y.offset() + from,
                        to - from));
    }

    @Override
    public void axpby(float alpha, Matrix x, float beta, Matrix y) {
        pool.parallelForElements(
                x.size(),
                WorkerPool.GRAIN_CHEAP,
                (from, to) -> updates.axpby(
                        alpha, floats(x), x.offset() + from, beta, floats(y), y.offset() + from, to - from));
    }

    @Override
    public void reduce(Reduction op, Axis axis, Matrix x, Matrix y) {
        if (op == Reduction.SUM && axis == Axis.ROWS) {
            columnSums.sum(x, y);
        } else {
            super.reduce(op, axis, x, y);
        }
    }

    @Override
    public void gatherRows(Matrix table, @Nullable Matrix order, Matrix position, float scale, float shift, Matrix y) {
        rowGather.gatherRows(table, order, ints(position)[position.offset()], scale, shift, y);
    }

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
        int first = ints(position)[position.offset()];
        pool.parallelFor(x.rows(), 1, WorkerPool.GRAIN_CHEAP / Math.max(1, x.cols()) + 1, (from, to) -> {
            rowGather.gatherRows(labels, order, first, targetScale, targetShift, targets, from, to);
            rowGather.gatherRows(images, order, first, scale, shift, x, from, to);
        });
    }

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
        int first = ints(clock)[clock.offset() + Clock.BATCH];
        int epoch = ints(clock)[clock.offset() + Clock.EPOCH];
        pool.parallelFor(x.rows(), 1, WorkerPool.GRAIN_COSTLY / Math.max(1, x.cols()) + 1, (from, to) -> {
            rowGather.gatherRows(labels, order, first, targetScale, targetShift, targets, from, to);
            rowGather.gatherDistorted(images, order, first, epoch, augmentation, smoothing, scale, shift, x, from, to);
        });
    }

    @Override
    public void denseForward(Matrix x, Matrix w, @Nullable Matrix bias, Activation activation, Matrix y) {
        gemm.multiply(1, x, false, w, false, 0, y, biasAndActivation(bias, activation, y, Epilogue.NONE));
    }

    @Override
    public void denseDropoutForward(
            Matrix x,
            Matrix w,
            @Nullable Matrix bias,
            Activation activation,
            DropoutSpec spec,
            Matrix clock,
            Matrix mask,
            Matrix y,
            Matrix dropped) {
        int step = ints(clock)[clock.offset() + Clock.TOTAL];
        Epilogue dropout = (row0, row1, column0, column1) -> {
            for (int i = row0; i < row1; i++) {
                this.dropout.apply(y, spec, step, mask, dropped, i, column0, column1);
            }
        };
        gemm.multiply(1, x, false, w, false, 0, y, biasAndActivation(bias, activation, y, dropout));
    }

    /** y = activation(y + bias), then {@code next}. */
    private Epilogue biasAndActivation(@Nullable Matrix bias, Activation activation, Matrix y, Epilogue next) {
        return (row0, row1, column0, column1) -> {
            for (int i = row0; i < row1; i++) {
                int start = y.offset() + i * y.cols() + column0;
                if (bias != null) {
                    elementwise.addBias(floats(bias), bias.offset() + column0, floats(y), start, column1 - column0);
                }
                elementwise.activate(activation, floats(y), start, column1 - column0);
            }
            next.apply(row0, row1, column0, column1);
        };
    }

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
        activationBackward.apply(activation, y, mask, dy, dz, dbias);
        if (dw != null) {
            gemm(1, x, true, dz, false, 0, dw);
        }
        if (dx != null) {
            gemm(1, dz, false, w, true, 0, dx);
        }
    }

    @Override
    public void activationBackward(Activation activation, Matrix y, Matrix dy, Matrix dx) {
        activationBackward.apply(activation, y, null, dy, dx, null);
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
        batchNormalisation.train(
                x,
                gamma,
                beta,
                epsilon,
                momentum,
                runningMean,
                runningVariance,
                mean,
                inverseStd,
                activation,
                y,
                RowTask.NONE);
    }

    @Override
    public void batchNormDropoutTrain(
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
            DropoutSpec spec,
            Matrix clock,
            Matrix mask,
            Matrix y,
            Matrix dropped) {
        int step = ints(clock)[clock.offset() + Clock.TOTAL];
        batchNormalisation.train(
                x,
                gamma,
                beta,
                epsilon,
                momentum,
                runningMean,
                runningVariance,
                mean,
                inverseStd,
                activation,
                y,
                (i, from, to) -> dropout.apply(y, spec, step, mask, dropped, i, from, to));
    }

    @Override
    public void batchNormInfer(
            Matrix x,
            Matrix gamma,
            Matrix beta,
            float epsilon,
            Matrix runningMean,
            Matrix runningVariance,
            Activation activation,
            Matrix y) {
        Matrix inverse = scratch().matrix(0, 1, x.cols());
        batchNormalisation.infer(x, gamma, beta, epsilon, runningMean, runningVariance, inverse, activation, y);
    }

    @Override
    public void batchNormBackward(
            Matrix x, Matrix gamma, Matrix mean, Matrix inverseStd, Matrix dy, Matrix dgamma, Matrix dbeta, Matrix dx) {
        batchNormalisation.backward(x, gamma, mean, inverseStd, dy, RowTask.NONE, dgamma, dbeta, dx);
    }

    @Override
    public void batchNormLayerBackward(
            Matrix x,
            Matrix gamma,
            Matrix mean,
            Matrix inverseStd,
            Activation activation,
            Matrix y,
            @Nullable Matrix mask,
            Matrix dy,
            Matrix dgamma,
            Matrix dbeta,
            Matrix dx) {
        RowTask before = (i, from, to) -> activationBackward.apply(activation, y, mask, dy, dx, i, from, to);
        batchNormalisation.backward(x, gamma, mean, inverseStd, dx, before, dgamma, dbeta, dx);
    }

    @Override
    public void dropout(Matrix x, DropoutSpec spec, Matrix clock, Matrix mask, Matrix y) {
        dropout.apply(x, spec, ints(clock)[clock.offset() + Clock.TOTAL], mask, y);
    }

    @Override
    public void dropoutBackward(Matrix dy, Matrix mask, Matrix dx) {
        dropout.multiply(dy, mask, dx);
    }

    @Override
    public void softmaxCrossEntropy(Matrix logits, Matrix targets, Matrix losses, @Nullable Matrix dlogits) {
        this.losses.softmaxCrossEntropy(logits, targets, losses, dlogits);
    }

    @Override
    public void recordLoss(Matrix losses, Matrix clock, Matrix history) {
        int step = ints(clock)[clock.offset() + Clock.STEP];
        float sum = sum(floats(losses), losses.offset(), losses.rows(), 1);
        floats(history)[history.offset() + step] = sum / losses.rows();
    }

    @Override
    public void advance(Matrix clock, int batch) {
        int[] counters = ints(clock);
        counters[clock.offset() + Clock.STEP]++;
        counters[clock.offset() + Clock.BATCH] += batch;
        counters[clock.offset() + Clock.TOTAL]++;
    }

    @Override
    public void argmax(Matrix x, Matrix y) {
        Losses.argmax(x, y);
    }

    @Override
    public void sgd(Matrix w, Matrix g, Matrix rates) {
        float rate = floats(rates)[rates.offset()];
        pool.parallelForElements(
                w.size(),
                WorkerPool.GRAIN_CHEAP,
                (from, to) -> updates.sgd(floats(w), w.offset() + from, floats(g), g.offset() + from, rate, to - from));
    }

    @Override
    public void momentum(Matrix w, Matrix g, Matrix velocity, float momentum, Matrix rates) {
        float rate = floats(rates)[rates.offset()];
        pool.parallelForElements(
                w.size(),
                WorkerPool.GRAIN_CHEAP,
                (from, to) -> updates.momentum(
                        floats(w),
                        w.offset() + from,
                        floats(g),
                        g.offset() + from,
                        floats(velocity),
                        velocity.offset() + from,
                        momentum,
                        rate,
                        to - from));
    }

    @Override
    public void adam(Matrix w, Matrix g, Matrix m, Matrix v, float beta1, float beta2, Matrix rates) {
        AdamRates scalars = AdamRates.of(beta1, beta2, floats(rates), rates.offset());
        pool.parallelForElements(
                w.size(),
                WorkerPool.GRAIN_CHEAP,
                (from, to) -> updates.adam(
                        floats(w),
                        w.offset() + from,
                        floats(g),
                        g.offset() + from,
                        floats(m),
                        m.offset() + from,
                        floats(v),
                        v.offset() + from,
                        scalars,
                        to - from));
    }
}
