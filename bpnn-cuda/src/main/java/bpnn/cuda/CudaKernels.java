package bpnn.cuda;

import bpnn.spi.Activation;
import bpnn.spi.Axis;
import bpnn.spi.Backend;
import bpnn.spi.BinaryOp;
import bpnn.spi.Composed;
import bpnn.spi.DropoutSpec;
import bpnn.spi.ElementType;
import bpnn.spi.Kernels;
import bpnn.spi.Matrix;
import bpnn.spi.Reduction;
import bpnn.spi.Scratch;
import bpnn.spi.UnaryOp;
import jcuda.driver.CUfunction;
import org.jspecify.annotations.Nullable;

/**
 * The kernels of the backend: each method launches what stands in {@code kernels.cu} under the same name. Nothing here
 * waits, transfers or takes memory, so every step made of these kernels can be recorded.
 */
final class CudaKernels implements Kernels {
    /** Columns that a block works on where a kernel sums over the rows, and threads that take one row of logits. */
    private static final int COLUMNS = 8;

    private static final int WARP = 32;
    /** Elements of one block of random words. */
    private static final int WORDS = 4;
    /** Blocks for each multiprocessor, beyond which a thread takes several elements. */
    private static final int WAVES = 32;
    /** Threads of the block that takes a whole batch of losses, and the largest batch for which that is worth it. */
    private static final int LARGEST_BLOCK = 1024;

    private static final int ROWS_OF_A_BLOCK = 256;

    private final Scratch scratch;
    private final Product product;
    private final Launch launch;
    private final int mostBlocks;

    private final CUfunction fill;
    private final CUfunction map;
    private final CUfunction zip;
    private final CUfunction axpby;
    private final CUfunction reduceRows;
    private final CUfunction reduceCols;
    private final CUfunction gatherRows;
    private final CUfunction gatherBatch;
    private final CUfunction denseFinish;
    private final CUfunction denseDropoutFinish;
    private final CUfunction denseLayerGradient;
    private final CUfunction activationBackward;
    private final CUfunction batchNormTrain;
    private final CUfunction batchNormDropoutTrain;
    private final CUfunction batchNormInfer;
    private final CUfunction batchNormBackward;
    private final CUfunction batchNormLayerBackward;
    private final CUfunction dropout;
    private final CUfunction softmaxCrossEntropy;
    private final CUfunction recordLoss;
    private final CUfunction trainingLoss;
    private final CUfunction advance;
    private final CUfunction argmax;
    private final CUfunction sgd;
    private final CUfunction momentum;
    private final CUfunction adam;

    CudaKernels(Backend backend, Program program, Product product, Launch launch, int multiprocessors) {
        this.scratch = new Scratch(backend);
        this.product = product;
        this.launch = launch;
        this.mostBlocks = multiprocessors * WAVES;
        fill = program.kernel("fill");
        map = program.kernel("map");
        zip = program.kernel("zip");
        axpby = program.kernel("axpby");
        reduceRows = program.kernel("reduce_rows");
        reduceCols = program.kernel("reduce_cols");
        gatherRows = program.kernel("gather_rows");
        gatherBatch = program.kernel("gather_batch");
        denseFinish = program.kernel("dense_finish");
        denseDropoutFinish = program.kernel("dense_dropout_finish");
        denseLayerGradient = program.kernel("dense_layer_gradient");
        activationBackward = program.kernel("activation_backward");
        batchNormTrain = program.kernel("batch_norm_train");
        batchNormDropoutTrain = program.kernel("batch_norm_dropout_train");
        batchNormInfer = program.kernel("batch_norm_infer");
        batchNormBackward = program.kernel("batch_norm_backward");
        batchNormLayerBackward = program.kernel("batch_norm_layer_backward");
        dropout = program.kernel("dropout");
        softmaxCrossEntropy = program.kernel("softmax_cross_entropy");
        recordLoss = program.kernel("record_loss");
        trainingLoss = program.kernel("training_loss");
        advance = program.kernel("advance");
        argmax = program.kernel("argmax");
        sgd = program.kernel("sgd");
        momentum = program.kernel("momentum");
        adam = program.kernel("adam");
    }

    @Override
    public Scratch scratch() {
        return scratch;
    }

    /** A launch with a thread for each of {@code count} items, or as many as make sense. */
    private Launch each(CUfunction kernel, int count) {
        return launch.of(kernel, Math.min(blocks(count, Launch.THREADS), mostBlocks));
    }

    private static int blocks(int count, int each) {
        return (count - 1) / each + 1;
    }

    // ---- primitives

    @Override
    public void gemm(float alpha, Matrix a, boolean transA, Matrix b, boolean transB, float beta, Matrix c) {
        if (c.size() > 0) {
            product.multiply(alpha, a, transA, b, transB, beta, c);
        }
    }

    @Override
    public void fill(Matrix y, float value) {
        if (y.size() > 0) {
            each(fill, y.size()).matrix(y).integer(y.size()).real(value).run();
        }
    }

    @Override
    public void map(UnaryOp op, Matrix x, Matrix y) {
        if (x.size() > 0) {
            each(map, x.size())
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
            each(zip, a.size())
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
            each(axpby, x.size())
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
                    ? launch.of(reduceRows, blocks(x.cols(), COLUMNS))
                    : launch.of(reduceCols, Math.min(x.rows(), mostBlocks));
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
        if (y.size() > 0) {
            each(gatherRows, y.size())
                    .matrix(table)
                    .flag(holdsBytes(table))
                    .matrix(order)
                    .matrix(position)
                    .real(scale)
                    .real(shift)
                    .matrix(y)
                    .integer(y.size())
                    .integer(y.cols())
                    .run();
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
        if (x.size() + targets.size() > 0) {
            each(gatherBatch, x.size() + targets.size())
                    .matrix(images)
                    .flag(holdsBytes(images))
                    .matrix(labels)
                    .flag(holdsBytes(labels))
                    .matrix(order)
                    .matrix(position)
                    .real(scale)
                    .real(shift)
                    .real(targetScale)
                    .real(targetShift)
                    .matrix(x)
                    .integer(x.size())
                    .integer(x.cols())
                    .matrix(targets)
                    .integer(targets.size())
                    .integer(targets.cols())
                    .run();
        }
    }

    private static boolean holdsBytes(Matrix table) {
        return table.buffer().type() == ElementType.UINT8;
    }

    @Override
    public void denseForward(Matrix x, Matrix w, @Nullable Matrix bias, Activation activation, Matrix y) {
        gemm(1, x, false, w, false, 0, y);
        if (y.size() > 0 && (bias != null || activation != Activation.IDENTITY)) {
            each(denseFinish, y.size())
                    .matrix(bias)
                    .integer(Codes.of(activation))
                    .matrix(y)
                    .integer(y.size())
                    .integer(y.cols())
                    .run();
        }
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
        gemm(1, x, false, w, false, 0, y);
        if (y.size() > 0) {
            Launch begun = each(denseDropoutFinish, blocks(y.size(), WORDS))
                    .matrix(bias)
                    .integer(Codes.of(activation))
                    .matrix(y)
                    .integer(y.size())
                    .integer(y.cols());
            dropout(begun, spec, clock).matrix(mask).matrix(dropped).run();
        }
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
        boolean sameGradient = activation == Activation.IDENTITY && mask == null && dz.equals(dy);
        if (sameGradient && dbias != null) {
            reduce(Reduction.SUM, Axis.ROWS, dz, dbias);
        } else if (!sameGradient && dz.cols() > 0) {
            launch.of(denseLayerGradient, blocks(dz.cols(), COLUMNS))
                    .integer(Codes.of(activation))
                    .matrix(y)
                    .matrix(mask)
                    .matrix(dy)
                    .matrix(dz)
                    .integer(dz.rows())
                    .integer(dz.cols())
                    .matrix(dbias)
                    .run();
        }
        if (dw != null) {
            gemm(1, x, true, dz, false, 0, dw);
        }
        if (dx != null) {
            gemm(1, dz, false, w, true, 0, dx);
        }
    }

    @Override
    public void activationBackward(Activation activation, Matrix y, Matrix dy, Matrix dx) {
        if (y.size() > 0) {
            each(activationBackward, y.size())
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
            Matrix inverseDeviation,
            Activation activation,
            Matrix y) {
        if (x.cols() > 0) {
            Launch begun = launch.of(batchNormTrain, blocks(x.cols(), COLUMNS));
            statistics(begun, x, gamma, beta, epsilon, rate, runningMean, runningVariance, mean, inverseDeviation)
                    .integer(Codes.of(activation))
                    .matrix(y)
                    .run();
        }
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
            Matrix inverseDeviation,
            Activation activation,
            DropoutSpec spec,
            Matrix clock,
            Matrix mask,
            Matrix y,
            Matrix dropped) {
        if (x.cols() > 0) {
            Launch begun = launch.of(batchNormDropoutTrain, blocks(x.cols(), COLUMNS));
            statistics(begun, x, gamma, beta, epsilon, rate, runningMean, runningVariance, mean, inverseDeviation)
                    .integer(Codes.of(activation))
                    .matrix(y);
            dropout(begun, spec, clock).matrix(mask).matrix(dropped).run();
        }
    }

    /** The parameters that {@code kernels.cu} calls BATCH_NORM_PARAMETERS. */
    private static Launch statistics(
            Launch begun,
            Matrix x,
            Matrix gamma,
            Matrix beta,
            float epsilon,
            float rate,
            Matrix runningMean,
            Matrix runningVariance,
            Matrix mean,
            Matrix inverseDeviation) {
        return begun.matrix(x)
                .integer(x.rows())
                .integer(x.cols())
                .matrix(gamma)
                .matrix(beta)
                .real(epsilon)
                .real(rate)
                .real(Composed.keep(rate))
                .real(Composed.unbiased(rate, x.rows()))
                .matrix(runningMean)
                .matrix(runningVariance)
                .matrix(mean)
                .matrix(inverseDeviation);
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
            each(batchNormInfer, x.size())
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
            Matrix x,
            Matrix gamma,
            Matrix mean,
            Matrix inverseDeviation,
            Matrix dy,
            Matrix dgamma,
            Matrix dbeta,
            Matrix dx) {
        if (x.cols() > 0) {
            launch.of(batchNormBackward, blocks(x.cols(), COLUMNS))
                    .matrix(x)
                    .integer(x.rows())
                    .integer(x.cols())
                    .matrix(gamma)
                    .matrix(mean)
                    .matrix(inverseDeviation)
                    .matrix(dy)
                    .matrix(dgamma)
                    .matrix(dbeta)
                    .matrix(dx)
                    .run();
        }
    }

    @Override
    public void batchNormLayerBackward(
            Matrix x,
            Matrix gamma,
            Matrix mean,
            Matrix inverseDeviation,
            Activation activation,
            Matrix y,
            @Nullable Matrix mask,
            Matrix dy,
            Matrix dgamma,
            Matrix dbeta,
            Matrix dx) {
        if (x.cols() > 0) {
            launch.of(batchNormLayerBackward, blocks(x.cols(), COLUMNS))
                    .matrix(x)
                    .integer(x.rows())
                    .integer(x.cols())
                    .matrix(gamma)
                    .matrix(mean)
                    .matrix(inverseDeviation)
                    .integer(Codes.of(activation))
                    .matrix(y)
                    .matrix(mask)
                    .matrix(dy)
                    .matrix(dgamma)
                    .matrix(dbeta)
                    .matrix(dx)
                    .run();
        }
    }

    @Override
    public void dropout(Matrix x, DropoutSpec spec, Matrix clock, Matrix mask, Matrix y) {
        if (x.size() > 0) {
            dropout(each(dropout, blocks(x.size(), WORDS)).matrix(x), spec, clock)
                    .matrix(mask)
                    .matrix(y)
                    .integer(x.size())
                    .integer(x.cols())
                    .run();
        }
    }

    /** The parameters that {@code kernels.cu} calls DROPOUT_PARAMETERS. */
    private static Launch dropout(Launch begun, DropoutSpec spec, Matrix clock) {
        return begun.integer((int) spec.seed())
                .integer((int) (spec.seed() >>> 32))
                .integer(spec.layer())
                .integer(spec.threshold())
                .real(spec.scale())
                .flag(spec.perBatch())
                .matrix(clock);
    }

    @Override
    public void softmaxCrossEntropy(Matrix logits, Matrix targets, Matrix losses, @Nullable Matrix dlogits) {
        if (logits.rows() > 0) {
            launch.of(softmaxCrossEntropy, blocks(logits.rows(), Launch.THREADS / WARP))
                    .matrix(logits)
                    .matrix(targets)
                    .matrix(losses)
                    .matrix(dlogits)
                    .integer(logits.rows())
                    .integer(logits.cols())
                    .run();
        }
    }

    @Override
    public void recordLoss(Matrix losses, Matrix clock, Matrix history) {
        launch.of(recordLoss, 1)
                .matrix(losses)
                .integer(losses.rows())
                .matrix(clock)
                .matrix(history)
                .run();
    }

    @Override
    public void trainingLoss(
            Matrix logits, Matrix targets, Matrix losses, Matrix dlogits, Matrix clock, Matrix history) {
        if (logits.rows() > ROWS_OF_A_BLOCK) {
            softmaxCrossEntropy(logits, targets, losses, dlogits);
            recordLoss(losses, clock, history);
        } else {
            launch.of(trainingLoss, 1, LARGEST_BLOCK)
                    .matrix(logits)
                    .matrix(targets)
                    .matrix(losses)
                    .matrix(dlogits)
                    .integer(logits.rows())
                    .integer(logits.cols())
                    .matrix(clock)
                    .matrix(history)
                    .run();
        }
    }

    @Override
    public void advance(Matrix clock, int batch) {
        launch.of(advance, 1, 1).matrix(clock).integer(batch).run();
    }

    @Override
    public void argmax(Matrix x, Matrix y) {
        if (x.rows() > 0) {
            launch.of(argmax, blocks(x.rows(), Launch.THREADS / WARP))
                    .matrix(x)
                    .matrix(y)
                    .integer(x.rows())
                    .integer(x.cols())
                    .run();
        }
    }

    @Override
    public void sgd(Matrix w, Matrix g, Matrix rates) {
        if (w.size() > 0) {
            each(sgd, w.size())
                    .matrix(w)
                    .matrix(g)
                    .matrix(rates)
                    .integer(w.size())
                    .run();
        }
    }

    @Override
    public void momentum(Matrix w, Matrix g, Matrix velocity, float keep, Matrix rates) {
        if (w.size() > 0) {
            each(momentum, w.size())
                    .matrix(w)
                    .matrix(g)
                    .matrix(velocity)
                    .real(keep)
                    .matrix(rates)
                    .integer(w.size())
                    .run();
        }
    }

    @Override
    public void adam(Matrix w, Matrix g, Matrix m, Matrix v, float beta1, float beta2, Matrix rates) {
        if (w.size() > 0) {
            each(adam, w.size())
                    .matrix(w)
                    .matrix(g)
                    .matrix(m)
                    .matrix(v)
                    .real(beta1)
                    .real(Composed.keep(beta1))
                    .real(beta2)
                    .real(Composed.keep(beta2))
                    .matrix(rates)
                    .integer(w.size())
                    .run();
        }
    }
}
