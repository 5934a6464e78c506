package bpnn.cuda;

import bpnn.spi.Activation;
import bpnn.spi.Composed;
import bpnn.spi.ComposedBatchNorm;
import bpnn.spi.ElementType;
import bpnn.spi.Matrix;
import bpnn.spi.Scratch;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import jcuda.driver.CUfunction;
import org.jspecify.annotations.Nullable;

/** Launches single operations of a training step: the kernels of layers, losses and optimisers. */
final class LayerKernels {
    /** Columns per block in kernels that sum over rows. */
    static final int COLUMNS = 8;

    /** Largest batch whose columns a block stages in shared memory: STAGED_ROWS in {@code kernels.cu}. */
    private static final int STAGED_ROWS = 512;

    static final int WARP = 32;
    /** Elements per thread in memory-bound kernels. */
    private static final int QUAD = 4;
    /** Threads of the block that computes the losses of a whole batch, and the largest batch for which that pays. */
    private static final int LARGEST_BLOCK = 1024;

    private static final int ROWS_OF_A_BLOCK = 256;

    private final Launch launch;
    private final Tile.Choice tiles;
    private final int multiprocessors;
    private final int maxBlocks;
    private final Map<Tile, CUfunction> forward = new HashMap<>();
    private final Map<Tile, CUfunction> firstForward = new HashMap<>();
    private final Map<Tile, CUfunction> backward = new HashMap<>();
    private final CUfunction gatherBatch;
    private final CUfunction gatherRows;
    private final CUfunction denseLayerGradient;
    private final CUfunction batchNormTrain;
    private final CUfunction batchNormDropoutTrain;
    private final CUfunction batchNormLayerBackward;
    private final LargeNormKernels largeNorms;
    private final DistortionKernels distortions;
    private final CUfunction softmaxCrossEntropy;
    private final CUfunction recordLoss;
    private final CUfunction trainingLoss;
    private final CUfunction advance;
    private final CUfunction updateParameters;
    private final WeightKernels weights;

    /** @param maxBlocks maximum grid size; beyond it, a thread processes several elements */
    LayerKernels(
            Program program,
            Launch launch,
            Scratch scratch,
            Tile.Choice tiles,
            PartialTiles partials,
            int multiprocessors,
            int maxBlocks) {
        this.launch = launch;
        this.tiles = tiles;
        this.multiprocessors = multiprocessors;
        this.maxBlocks = maxBlocks;
        for (Tile tile : tiles.allLayers()) {
            forward.put(tile, tile.kernel(program, "layer_forward", tile.sharedBytes(true, false)));
            firstForward.put(tile, tile.kernel(program, "first_layer_forward", tile.sharedBytes(true, false)));
            backward.put(tile, tile.kernel(program, "layer_backward", tile.sharedBytes(true, true)));
        }
        gatherBatch = program.kernel("gather_batch");
        gatherRows = program.kernel("gather_rows");
        denseLayerGradient = program.kernel("dense_layer_gradient");
        batchNormTrain = program.kernel("batch_norm_train");
        batchNormDropoutTrain = program.kernel("batch_norm_dropout_train");
        batchNormLayerBackward = program.kernel("batch_norm_layer_backward");
        largeNorms = new LargeNormKernels(program, launch, scratch);
        distortions = new DistortionKernels(program, launch, scratch);
        softmaxCrossEntropy = program.kernel("softmax_cross_entropy");
        recordLoss = program.kernel("record_loss");
        trainingLoss = program.kernel("training_loss");
        advance = program.kernel("advance");
        updateParameters = program.kernel("update_parameters");
        weights = new WeightKernels(program, launch, tiles, partials);
    }

    Launch launch() {
        return launch;
    }

    DistortionKernels distortions() {
        return distortions;
    }

    WeightKernels weights() {
        return weights;
    }

    /** A launch with one thread per item, up to the maximum grid size. */
    Launch each(CUfunction kernel, int count) {
        return launch.of(kernel, Math.min(blocks(count, Launch.THREADS), maxBlocks));
    }

    static int blocks(int count, int each) {
        return (count - 1) / each + 1;
    }

    static boolean holdsBytes(Matrix table) {
        return table.buffer().type() == ElementType.UINT8;
    }

    void gather(Operation.Gather op) {
        int count = op.x().size() + op.targets().size();
        if (count > 0) {
            each(gatherBatch, count)
                    .matrix(op.images())
                    .flag(holdsBytes(op.images()))
                    .matrix(op.labels())
                    .flag(holdsBytes(op.labels()))
                    .matrix(op.order())
                    .matrix(op.position())
                    .real(op.scale())
                    .real(op.shift())
                    .real(op.targetScale())
                    .real(op.targetShift())
                    .matrix(op.x())
                    .integer(op.x().size())
                    .integer(op.x().cols())
                    .matrix(op.targets())
                    .integer(op.targets().size())
                    .integer(op.targets().cols())
                    .run();
        }
    }

    void gatherRates(Operation.GatherRates op) {
        gatherRows(op.table(), null, op.position(), 1, 0, op.row());
    }

    void gatherRows(Matrix table, @Nullable Matrix order, Matrix position, float scale, float shift, Matrix y) {
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

    /**
     * The GEMM of a layer with fused bias, activation and dropout; with {@code gather}, its input is gathered as well.
     */
    void forward(Operation.DenseForward op, Operation.@Nullable Gather gather) {
        Matrix y = op.y();
        if (y.size() == 0) {
            return;
        }
        int depth = op.x().cols();
        Tile tile = tiles.forLayer(y.rows(), y.cols(), depth, multiprocessors);
        CUfunction kernel = Objects.requireNonNull((gather == null ? forward : firstForward).get(tile));
        Launch begun =
                launch.of(kernel, tile.blocks(y.rows(), y.cols()), tile.threads(), tile.sharedBytes(true, false));
        if (gather != null) {
            begun.matrix(gather.images())
                    .matrix(gather.order())
                    .matrix(gather.position())
                    .real(gather.scale())
                    .real(gather.shift());
        }
        begun.matrix(op.x())
                .integer(y.rows())
                .integer(y.cols())
                .integer(depth)
                .matrix(op.w())
                .matrix(op.bias())
                .integer(Codes.of(op.activation()))
                .matrix(y);
        drop(begun, op.drop()).run();
    }

    /** DROPOUT_PARAMETERS of {@code kernels.cu}, mask and output. */
    static Launch drop(Launch begun, Operation.@Nullable Dropout drop) {
        if (drop == null) {
            return begun.integer(0)
                    .integer(0)
                    .integer(0)
                    .integer(0)
                    .real(0)
                    .flag(false)
                    .matrix(null)
                    .matrix(null)
                    .matrix(null);
        }
        return begun.integer((int) drop.spec().seed())
                .integer((int) (drop.spec().seed() >>> 32))
                .integer(drop.spec().layer())
                .integer(drop.spec().threshold())
                .real(drop.spec().scale())
                .flag(drop.spec().perBatch())
                .matrix(drop.clock())
                .matrix(drop.mask())
                .matrix(drop.dropped());
    }

    void normForward(Operation.NormForward op) {
        if (op.x().cols() == 0) {
            return;
        }
        if (op.x().rows() > STAGED_ROWS) {
            largeNorms.forward(op);
            return;
        }
        Launch begun = normParameters(
                launch.of(
                        op.drop() == null ? batchNormTrain : batchNormDropoutTrain,
                        blocks(op.x().cols(), COLUMNS)),
                op);
        if (op.drop() != null) {
            drop(begun, op.drop());
        }
        begun.run();
    }

    /** BATCH_NORM_PARAMETERS of {@code kernels.cu}, activation and output. */
    static Launch normParameters(Launch begun, Operation.NormForward op) {
        return begun.matrix(op.x())
                .integer(op.x().rows())
                .integer(op.x().cols())
                .matrix(op.gamma())
                .matrix(op.beta())
                .real(op.epsilon())
                .real(op.rate())
                .real(Composed.oneMinus(op.rate()))
                .real(ComposedBatchNorm.varianceMomentum(op.rate(), op.x().rows()))
                .matrix(op.runningMean())
                .matrix(op.runningVariance())
                .matrix(op.mean())
                .matrix(op.inverseStd())
                .integer(Codes.of(op.activation()))
                .matrix(op.y());
    }

    void loss(Operation.Loss op) {
        if (op.logits().rows() > ROWS_OF_A_BLOCK) {
            softmaxCrossEntropy(op.logits(), op.targets(), op.losses(), op.dlogits());
            recordLoss(op.losses(), op.clock(), op.history());
        } else {
            launch.of(trainingLoss, 1, LARGEST_BLOCK)
                    .matrix(op.logits())
                    .matrix(op.targets())
                    .matrix(op.losses())
                    .matrix(op.dlogits())
                    .integer(op.logits().rows())
                    .integer(op.logits().cols())
                    .matrix(op.clock())
                    .matrix(op.history())
                    .run();
        }
    }

    void softmaxCrossEntropy(Matrix logits, Matrix targets, Matrix losses, @Nullable Matrix dlogits) {
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

    void recordLoss(Matrix losses, Matrix clock, Matrix history) {
        launch.of(recordLoss, 1)
                .matrix(losses)
                .integer(losses.rows())
                .matrix(clock)
                .matrix(history)
                .run();
    }

    void backward(Operation.DenseBackward op) {
        Matrix dz = op.dz();
        if (dz.cols() > 0 && !(op.isGemmOnly() && op.dbias() == null)) {
            launch.of(denseLayerGradient, blocks(dz.cols(), COLUMNS))
                    .integer(Codes.of(op.activation()))
                    .matrix(op.y())
                    .matrix(op.mask())
                    .matrix(op.dy())
                    .matrix(dz)
                    .integer(dz.rows())
                    .integer(dz.cols())
                    .matrix(op.dbias())
                    .run();
        }
        if (op.dw() != null) {
            weights.launch(List.of(WeightKernels.Task.of(op)), List.of(), null, null);
        }
        if (op.dx() != null) {
            backwardThrough(dz, op.w(), Activation.IDENTITY, null, null, op.dx());
        }
    }

    /** dz = (dy Wᵀ · mask) activation'(y): the gradient for the layer below W, before its activation. */
    void backwardThrough(
            Matrix dy, Matrix w, Activation activation, @Nullable Matrix y, @Nullable Matrix mask, Matrix dz) {
        if (dz.size() == 0) {
            return;
        }
        Tile tile = tiles.forLayer(dz.rows(), dz.cols(), dy.cols(), multiprocessors);
        launch.of(
                        Objects.requireNonNull(backward.get(tile)),
                        tile.blocks(dz.rows(), dz.cols()),
                        tile.threads(),
                        tile.sharedBytes(true, true))
                .integer(dz.rows())
                .integer(dz.cols())
                .integer(dy.cols())
                .matrix(dy)
                .matrix(w)
                .integer(Codes.of(activation))
                .matrix(y)
                .matrix(mask)
                .matrix(dz)
                .run();
    }

    void normBackward(Operation.NormBackward op) {
        if (op.x().rows() > STAGED_ROWS) {
            largeNorms.backward(op);
        } else if (op.x().cols() > 0) {
            launch.of(batchNormLayerBackward, blocks(op.x().cols(), COLUMNS))
                    .matrix(op.x())
                    .integer(op.x().rows())
                    .integer(op.x().cols())
                    .matrix(op.gamma())
                    .matrix(op.mean())
                    .matrix(op.inverseStd())
                    .integer(Codes.of(op.activation()))
                    .matrix(op.y())
                    .matrix(op.mask())
                    .matrix(op.dy())
                    .matrix(op.dgamma())
                    .matrix(op.dbeta())
                    .matrix(op.dx())
                    .run();
        }
    }

    void update(Operation.Update op) {
        if (op.w().size() > 0) {
            WeightKernels.update(each(updateParameters, blocks(op.w().size(), QUAD)), op)
                    .integer(op.w().size())
                    .run();
        }
    }

    void advance(Operation.Advance op) {
        launch.of(advance, 1, 1).matrix(op.clock()).integer(op.batch()).run();
    }
}
