package bpnn.cpu;

import static bpnn.spi.HeapBuffer.bytes;
import static bpnn.spi.HeapBuffer.floats;
import static bpnn.spi.HeapBuffer.ints;

import bpnn.spi.Activation;
import bpnn.spi.Axis;
import bpnn.spi.Backend;
import bpnn.spi.Clock;
import bpnn.spi.DropoutSpec;
import bpnn.spi.ElementType;
import bpnn.spi.Matrix;
import bpnn.spi.Reduction;
import bpnn.spi.Reference;
import bpnn.spi.UnaryOp;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The kernels of the backend: each cuts its work into one share for each thread and hands the shares to the inner loops of
 * an {@link Arithmetic}. What no training step needs is inherited from {@link Reference}.
 */
final class CpuKernels extends Reference {
    /** Elements that a thread must have to work on, so that waking it pays: for a handful of operations each … */
    private static final int CHEAP = 1 << 13;
    /** … and for some dozens. */
    private static final int COSTLY = 1 << 11;
    /** Where shares are cut, in elements: a cache line, and a multiple of every vector. */
    private static final int UNIT = 16;
    /** Elements that stay in the first-level cache from one loop to the next. */
    private static final int CHUNK = 1 << 11;

    private final WorkerPool pool;
    private final Gemm gemm;
    private final Elementwise elementwise;
    private final RowLoops rowLoops;
    private final Columns columns;
    private final Gather gather;
    private final Masks masks;
    private final Updates updates;
    private final Losses losses;

    CpuKernels(Backend backend, WorkerPool pool, Arithmetic arithmetic) {
        super(backend);
        this.pool = pool;
        gemm = new Gemm(pool, arithmetic.tiles());
        elementwise = arithmetic.elementwise();
        rowLoops = arithmetic.rowLoops();
        columns = new Columns(rowLoops);
        gather = arithmetic.gather();
        masks = arithmetic.masks();
        updates = arithmetic.updates();
        losses = new Losses(elementwise);
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
        pool.forRange(
                x.size(),
                UNIT,
                COSTLY,
                (from, to) ->
                        elementwise.map(op, floats(x), x.offset() + from, floats(y), y.offset() + from, to - from));
    }

    @Override
    public void reduce(Reduction op, Axis axis, Matrix x, Matrix y) {
        if (op == Reduction.SUM && axis == Axis.ROWS) {
            forColumns(x, (from, to) -> columns.sum(x, y, from, to));
        } else {
            super.reduce(op, axis, x, y);
        }
    }

    private void forColumns(Matrix x, WorkerPool.RangeTask task) {
        columns.reserve(x.cols());
        pool.forRange(x.cols(), UNIT, CHEAP / Math.max(1, x.rows()) + 1, task);
    }

    @Override
    public void gatherRows(Matrix table, @Nullable Matrix order, Matrix position, float scale, float shift, Matrix y) {
        int start = ints(position)[position.offset()];
        int n = y.cols();
        pool.forRange(y.rows(), 1, CHEAP / Math.max(1, n) + 1, (from, to) -> {
            for (int i = from; i < to; i++) {
                int row = order == null ? start + i : ints(order)[order.offset() + start + i];
                int source = table.offset() + row * n;
                int target = y.offset() + i * n;
                if (table.buffer().type() == ElementType.UINT8) {
                    gather.convert(bytes(table), source, scale, shift, floats(y), target, n);
                } else {
                    gather.convert(floats(table), source, scale, shift, floats(y), target, n);
                }
            }
        });
    }

    @Override
    public void denseForward(Matrix x, Matrix w, @Nullable Matrix bias, Activation activation, Matrix y) {
        gemm.multiply(1, x, false, w, false, 0, y, (row0, row1, column0, column1) -> {
            for (int i = row0; i < row1; i++) {
                int start = y.offset() + i * y.cols() + column0;
                if (bias != null) {
                    elementwise.addBias(floats(bias), bias.offset() + column0, floats(y), start, column1 - column0);
                }
                activate(activation, y, start, column1 - column0);
            }
        });
    }

    private void activate(Activation activation, Matrix y, int start, int count) {
        if (activation != Activation.IDENTITY) {
            elementwise.map(activation.op(), floats(y), start, floats(y), start, count);
        }
    }

    @Override
    public void activationBackward(Activation activation, Matrix y, Matrix dy, Matrix dx) {
        pool.forRange(
                y.size(),
                UNIT,
                CHEAP,
                (from, to) -> elementwise.activationBackward(
                        activation,
                        floats(y),
                        y.offset() + from,
                        floats(dy),
                        dy.offset() + from,
                        floats(dx),
                        dx.offset() + from,
                        to - from));
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
            Matrix inverseDeviation,
            Activation activation,
            Matrix y) {
        forColumns(x, (from, to) -> {
            columns.statistics(x, epsilon, momentum, runningMean, runningVariance, mean, inverseDeviation, from, to);
            normalise(x, gamma, beta, mean, inverseDeviation, activation, y, from, to);
        });
    }

    private void normalise(
            Matrix x,
            Matrix gamma,
            Matrix beta,
            Matrix mean,
            Matrix inverseDeviation,
            Activation activation,
            Matrix y,
            int from,
            int to) {
        for (int i = 0; i < y.rows(); i++) {
            rowLoops.normalise(x, i, gamma, beta, mean, inverseDeviation, y, from, to);
            activate(activation, y, y.offset() + i * y.cols() + from, to - from);
        }
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
        Matrix inverseDeviation = scratch().matrix(0, 1, x.cols());
        for (int j = 0; j < x.cols(); j++) {
            float variance = floats(runningVariance)[runningVariance.offset() + j];
            floats(inverseDeviation)[j] = Columns.inverseDeviation(variance, epsilon);
        }
        forColumns(x, (from, to) -> normalise(x, gamma, beta, runningMean, inverseDeviation, activation, y, from, to));
    }

    @Override
    public void batchNormBackward(
            Matrix x,
            Matrix gamma,
            Matrix mean,
            Matrix inverseDeviation,
            Matrix dy,
            Matrix dgamma,
            Matrix dbeta,
            Matrix dx) {
        forColumns(x, (from, to) -> {
            columns.backward(x, gamma, mean, inverseDeviation, dy, dgamma, dbeta, dx, from, to);
        });
    }

    @Override
    public void dropout(Matrix x, DropoutSpec spec, Matrix clock, Matrix mask, Matrix y) {
        int step = ints(clock)[clock.offset() + Clock.TOTAL];
        if (spec.perBatch()) {
            masks.draw(spec, step, 0, floats(mask), mask.offset(), x.cols());
            for (int i = 1; i < x.rows(); i++) {
                System.arraycopy(floats(mask), mask.offset(), floats(mask), mask.offset() + i * x.cols(), x.cols());
            }
            multiply(x, mask, y);
        } else {
            pool.forRange(x.size(), UNIT, COSTLY, (from, to) -> {
                for (int i = from; i < to; i += CHUNK) {
                    int count = Math.min(CHUNK, to - i);
                    masks.draw(spec, step, i, floats(mask), mask.offset() + i, count);
                    multiply(x, mask, y, i, count);
                }
            });
        }
    }

    @Override
    public void dropoutBackward(Matrix dy, Matrix mask, Matrix dx) {
        multiply(dy, mask, dx);
    }

    private void multiply(Matrix a, Matrix b, Matrix y) {
        pool.forRange(a.size(), UNIT, CHEAP, (from, to) -> multiply(a, b, y, from, to - from));
    }

    private void multiply(Matrix a, Matrix b, Matrix y, int from, int count) {
        elementwise.multiply(
                floats(a), a.offset() + from, floats(b), b.offset() + from, floats(y), y.offset() + from, count);
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
        pool.forRange(
                w.size(),
                UNIT,
                CHEAP,
                (from, to) -> updates.sgd(floats(w), w.offset() + from, floats(g), g.offset() + from, rate, to - from));
    }

    @Override
    public void momentum(Matrix w, Matrix g, Matrix velocity, float momentum, Matrix rates) {
        float rate = floats(rates)[rates.offset()];
        pool.forRange(
                w.size(),
                UNIT,
                CHEAP,
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
        pool.forRange(
                w.size(),
                UNIT,
                CHEAP,
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
