package bpnn.cuda;

import bpnn.spi.Activation;
import bpnn.spi.Augmentation;
import bpnn.spi.Axis;
import bpnn.spi.Backend;
import bpnn.spi.BinaryOp;
import bpnn.spi.DropoutSpec;
import bpnn.spi.Kernels;
import bpnn.spi.Matrix;
import bpnn.spi.Reduction;
import bpnn.spi.Scratch;
import bpnn.spi.UnaryOp;
import jcuda.driver.CUfunction;
import org.jspecify.annotations.Nullable;

/**
 * The kernels of the backend: each method launches a kernel of {@code kernels.cu}. The operations of training steps go
 * through a queue, which fuses those of a recorded step. Nothing synchronises or transfers, so every step can be
 * recorded.
 */
final class CudaKernels implements Kernels {
    /** Random words per Philox block. */
    private static final int WORDS = 4;
    /** Maximum blocks per multiprocessor; beyond it, a thread processes several elements. */
    private static final int WAVES = 32;

    private final Scratch scratch;
    private final Gemm gemm;
    private final Launch launch;
    private final int maxBlocks;
    private final LayerKernels layers;
    private final StepQueue queue;
    private final CUfunction fill;
    private final CUfunction map;
    private final CUfunction zip;
    private final CUfunction axpby;
    private final CUfunction reduceRows;
    private final CUfunction reduceCols;
    private final CUfunction activationBackward;
    private final CUfunction batchNormInfer;
    private final CUfunction dropout;
    private final CUfunction argmax;

    CudaKernels(
            Backend backend,
            Program program,
            Gemm gemm,
            Launch launch,
            Tile.Choice tiles,
            PartialTiles partials,
            int multiprocessors) {
        this.scratch = new Scratch(backend);
        this.gemm = gemm;
        this.launch = launch;
        this.maxBlocks = multiprocessors * WAVES;
        this.layers = new LayerKernels(program, launch, scratch, tiles, partials, multiprocessors, maxBlocks);
        this.queue = new StepQueue(layers, new StepKernels(program, layers));
        fill = program.kernel("fill");
        map = program.kernel("map");
        zip = program.kernel("zip");
        axpby = program.kernel("axpby");
        reduceRows = program.kernel("reduce_rows");
        reduceCols = program.kernel("reduce_cols");
        activationBackward = program.kernel("activation_backward");
        batchNormInfer = program.kernel("batch_norm_infer");
        dropout = program.kernel("dropout");
        argmax = program.kernel("argmax");
    }

    /** Defers the operations of a recorded step. */
    StepQueue queue() {
        return queue;
    }

    @Override
    public Scratch scratch() {
        return scratch;
    }

    @Override
    public void gemm(float alpha, Matrix a, boolean transA, Matrix b, boolean transB, float beta, Matrix c) {
        if (c.size() > 0) {
            gemm.multiply(alpha, a, transA, b, transB, beta, c);
        }
    }

    @Override
    public void fill(Matrix y, float value) {
        if (y.size() > 0) {
            layers.each(fill, y.size()).matrix(y).integer(y.size()).real(value).run();
        }
    }

    @Override
    public void map(UnaryOp op, Matrix x, Matrix y) {
        if (x.size() > 0) {
            layers.each(map, x.size())
                    .integer(Codes.of(op))
                    .matrix(x)
                    .matrix(y)
                    .integer(x.size())
                    .run();
        }
    }

    @Override
    public void zip(BinaryOp op, Matrix a, Matrix b, Matrix y) {
        if (a.size() > 0) {
            layers.each(zip, a.size())
                    .integer(Codes.of(op))
                    .matrix(a)
                    .matrix(b)
                    .integer(b.rows() == 1 ? 0 : b.cols())
                    .integer(b.cols() == 1 ? 0 : 1)
                    .matrix(y)
                    .integer(a.size())
                    .integer(a.cols())
                    .run();
        }
    }

    @Override
    public void axpby(float alpha, Matrix x, float beta, Matrix y) {
        if (x.size() > 0) {
            layers.each(axpby, x.size())
                    .real(alpha)
                    .matrix(x)
                    .real(beta)
                    .matrix(y)
                    .integer(x.size())
                    .run();
        }
    }

    @Override
    public void reduce(Reduction op, Axis axis, Matrix x, Matrix y) {
        if (y.size() > 0) {
            Launch begun = axis == Axis.ROWS
                    ? launch.of(reduceRows, LayerKernels.blocks(x.cols(), LayerKernels.COLUMNS))
                    : launch.of(reduceCols, Math.min(x.rows(), maxBlocks));
            begun.integer(Codes.of(op))
                    .matrix(x)
                    .integer(x.rows())
                    .integer(x.cols())
                    .matrix(y)
                    .run();
        }
    }

    @Override
    public void gatherRows(Matrix table, @Nullable Matrix order, Matrix position, float scale, float shift, Matrix y) {
        if (order == null && y.rows() == 1 && scale == 1 && shift == 0 && !LayerKernels.holdsBytes(table)) {
            queue.add(new Operation.GatherRates(table, position, y));
        } else {
            layers.gatherRows(table, order, position, scale, shift, y);
        }
    }

    // ---- fused kernels

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
        queue.add(new Operation.Gather(
                images, labels, order, position, scale, shift, targetScale, targetShift, x, targets));
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
        queue.add(new Operation.GatherAugmented(
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
                targets));
    }

    @Override
    public void denseForward(Matrix x, Matrix w, @Nullable Matrix bias, Activation activation, Matrix y) {
        queue.add(new Operation.DenseForward(x, w, bias, activation, y, null));
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
        queue.add(new Operation.DenseForward(
                x, w, bias, activation, y, new Operation.Dropout(spec, clock, mask, dropped)));
    }

    @Override
    public void denseBackward(Matrix x, Matrix w, Matrix dy, Matrix dw, @Nullable Matrix dbias, @Nullable Matrix dx) {
        queue.add(new Operation.DenseBackward(x, w, Activation.IDENTITY, null, null, dy, dy, dw, dbias, dx));
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
        queue.add(new Operation.DenseBackward(x, w, activation, y, mask, dy, dz, dw, dbias, dx));
    }

    @Override
    public void activationBackward(Activation activation, Matrix y, Matrix dy, Matrix dx) {
        if (y.size() > 0) {
            layers.each(activationBackward, y.size())
                    .integer(Codes.of(activation))
                    .matrix(y)
                    .matrix(dy)
                    .matrix(dx)
                    .integer(y.size())
                    .run();
        }
    }

    @Override
    public void batchNormTrain(
            Matrix x,
            Matrix gamma,
            Matrix beta,
            float epsilon,
            float rate,
            Matrix runningMean,
            Matrix runningVariance,
            Matrix mean,
            Matrix inverseStd,
            Activation activation,
            Matrix y) {
        queue.add(new Operation.NormForward(
                x, gamma, beta, epsilon, rate, runningMean, runningVariance, mean, inverseStd, activation, y, null));
    }

    @Override
    public void batchNormDropoutTrain(
            Matrix x,
            Matrix gamma,
            Matrix beta,
            float epsilon,
            float rate,
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
        queue.add(new Operation.NormForward(
                x,
                gamma,
                beta,
                epsilon,
                rate,
                runningMean,
                runningVariance,
                mean,
                inverseStd,
                activation,
                y,
                new Operation.Dropout(spec, clock, mask, dropped)));
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
        if (x.size() > 0) {
            layers.each(batchNormInfer, x.size())
                    .matrix(x)
                    .matrix(gamma)
                    .matrix(beta)
                    .real(epsilon)
                    .matrix(runningMean)
                    .matrix(runningVariance)
                    .integer(Codes.of(activation))
                    .matrix(y)
                    .integer(x.size())
                    .integer(x.cols())
                    .run();
        }
    }

    @Override
    public void batchNormBackward(
            Matrix x, Matrix gamma, Matrix mean, Matrix inverseStd, Matrix dy, Matrix dgamma, Matrix dbeta, Matrix dx) {
        queue.add(new Operation.NormBackward(
                x, gamma, mean, inverseStd, Activation.IDENTITY, dy, null, dy, dgamma, dbeta, dx));
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
        queue.add(new Operation.NormBackward(x, gamma, mean, inverseStd, activation, y, mask, dy, dgamma, dbeta, dx));
    }

    @Override
    public void dropout(Matrix x, DropoutSpec spec, Matrix clock, Matrix mask, Matrix y) {
        if (x.size() > 0) {
            LayerKernels.drop(
                            layers.each(dropout, LayerKernels.blocks(x.size(), WORDS))
                                    .matrix(x),
                            new Operation.Dropout(spec, clock, mask, y))
                    .integer(x.size())
                    .integer(x.cols())
                    .run();
        }
    }

    @Override
    public void softmaxCrossEntropy(Matrix logits, Matrix targets, Matrix losses, @Nullable Matrix dlogits) {
        layers.softmaxCrossEntropy(logits, targets, losses, dlogits);
    }

    @Override
    public void recordLoss(Matrix losses, Matrix clock, Matrix history) {
        layers.recordLoss(losses, clock, history);
    }

    @Override
    public void trainingLoss(
            Matrix logits, Matrix targets, Matrix losses, Matrix dlogits, Matrix clock, Matrix history) {
        queue.add(new Operation.Loss(logits, targets, losses, dlogits, clock, history));
    }

    @Override
    public void advance(Matrix clock, int batch) {
        queue.add(new Operation.Advance(clock, batch));
    }

    @Override
    public void argmax(Matrix x, Matrix y) {
        if (x.rows() > 0) {
            launch.of(argmax, LayerKernels.blocks(x.rows(), Launch.THREADS / LayerKernels.WARP))
                    .matrix(x)
                    .matrix(y)
                    .integer(x.rows())
                    .integer(x.cols())
                    .run();
        }
    }

    @Override
    public void sgd(Matrix w, Matrix g, Matrix rates) {
        queue.add(new Operation.Update(Operation.Optimiser.SGD, w, g, null, null, 0, 0, rates));
    }

    @Override
    public void momentum(Matrix w, Matrix g, Matrix velocity, float keep, Matrix rates) {
        queue.add(new Operation.Update(Operation.Optimiser.MOMENTUM, w, g, velocity, null, keep, 0, rates));
    }

    @Override
    public void adam(Matrix w, Matrix g, Matrix m, Matrix v, float beta1, float beta2, Matrix rates) {
        queue.add(new Operation.Update(Operation.Optimiser.ADAM, w, g, m, v, beta1, beta2, rates));
    }
}
