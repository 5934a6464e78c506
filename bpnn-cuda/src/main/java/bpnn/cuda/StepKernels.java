package bpnn.cuda;

import bpnn.spi.Activation;
import bpnn.spi.Matrix;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import jcuda.driver.CUfunction;
import org.jspecify.annotations.Nullable;

/**
 * Launches a {@link TrainingStep} in few kernels: forward, one per hidden layer, fused with the gather of the batch,
 * bias, activation and dropout; the last layer fused with the loss; the backward pass through the last layer and the
 * layer below; one per further layer backward; and all weight gradients fused with the optimiser and the clock. Batch
 * normalisation needs sums over the whole batch and therefore separate kernels.
 */
final class StepKernels {
    /** MAX_CLASSES, ROWS_OF_LOSS and WARPS_OF_LOSS in {@code kernels.cu}. */
    private static final int MAX_CLASSES = 32;

    private static final int ROWS_OF_LOSS = 2;
    private static final int WARPS_OF_LOSS = 4;
    /** Columns per block in the backward pass of the last layer: LAST_COLUMNS in {@code kernels.cu}. */
    private static final int LAST_COLUMNS = 4;

    /** Beyond this batch size, GEMM tiles occupy the GPU for the last layer as well. */
    static final int MAX_BATCH = 512;

    private final LayerKernels layers;
    private final CUfunction lastLayerLoss;
    private final CUfunction lastLayerBackward;

    StepKernels(Program program, LayerKernels layers) {
        this.layers = layers;
        lastLayerLoss = program.kernel("last_layer_loss");
        lastLayerBackward = program.kernel("last_layer_backward");
    }

    void launch(TrainingStep step) {
        Matrix logits = step.loss().logits();
        boolean narrow = logits.cols() <= MAX_CLASSES && logits.rows() <= MAX_BATCH && logits.size() > 0;
        Operation.Gather fusedGather = narrow ? step.fusibleGather() : null;
        if (step.batch() != null && fusedGather == null) {
            step.batch().launch(layers);
        }
        Operation.GatherRates rates = step.rates();
        if (rates != null && !(narrow && rates.row().cols() <= Launch.THREADS)) {
            layers.gatherRates(rates);
            rates = null;
        }
        for (int i = 0; i < step.hidden().size(); i++) {
            TrainingStep.Hidden layer = step.hidden().get(i);
            layers.forward(layer.forward(), i == 0 ? fusedGather : null);
            if (layer.norm() != null) {
                layers.normForward(layer.norm());
            }
        }
        List<WeightKernels.Task> tasks = new ArrayList<>();
        int top = step.hidden().size() - 1;
        if (narrow) {
            lastLayerForward(step, fusedGather);
            lastLayerBackward(step, rates);
        } else {
            layers.forward(step.last(), null);
            layers.loss(step.loss());
            tasks.add(task(step.lastBackward(), true));
            if (top >= 0) {
                backwardThrough(step.lastBackward(), step.hidden().get(top));
            }
        }
        for (int i = top; i >= 0; i--) {
            TrainingStep.Hidden layer = step.hidden().get(i);
            tasks.add(task(layer.backward(), i < top || !narrow));
            if (i > 0) {
                backwardThrough(layer.backward(), step.hidden().get(i - 1));
            }
        }
        finish(step, tasks);
    }

    private static WeightKernels.Task task(Operation.DenseBackward backward, boolean withBias) {
        WeightKernels.Task weights = WeightKernels.Task.of(backward);
        return new WeightKernels.Task(weights.x(), weights.dz(), weights.dw(), withBias ? backward.dbias() : null);
    }

    /** The backward pass from the layer {@code above} through the layer {@code below}. */
    private void backwardThrough(Operation.DenseBackward above, TrainingStep.Hidden below) {
        Matrix gradient = below.backward().dz();
        if (below.normBackward() == null) {
            layers.backwardThrough(above.dz(), above.w(), below.activation(), below.y(), below.mask(), gradient);
        } else {
            layers.backwardThrough(above.dz(), above.w(), Activation.IDENTITY, null, null, gradient);
            layers.normBackward(below.normBackward());
        }
    }

    private void lastLayerForward(TrainingStep step, Operation.@Nullable Gather gather) {
        Operation.DenseForward last = step.last();
        Operation.Loss loss = step.loss();
        layers.launch()
                .of(
                        lastLayerLoss,
                        LayerKernels.blocks(last.y().rows(), ROWS_OF_LOSS),
                        WARPS_OF_LOSS * LayerKernels.WARP)
                .integer(last.y().rows())
                .integer(last.x().cols())
                .integer(last.y().cols())
                .matrix(last.x())
                .matrix(last.w())
                .matrix(last.bias())
                .matrix(last.y())
                .matrix(gather == null ? null : gather.labels())
                .flag(gather != null && LayerKernels.holdsBytes(gather.labels()))
                .matrix(gather == null ? null : gather.order())
                .matrix(gather == null ? null : gather.position())
                .real(gather == null ? 0 : gather.targetScale())
                .real(gather == null ? 0 : gather.targetShift())
                .matrix(loss.targets())
                .matrix(loss.losses())
                .matrix(loss.dlogits())
                .run();
    }

    private void lastLayerBackward(TrainingStep step, Operation.@Nullable GatherRates rates) {
        Operation.DenseBackward last = step.lastBackward();
        Operation.Loss loss = step.loss();
        Matrix x = last.x();
        Launch begun = layers.launch()
                .of(lastLayerBackward, LayerKernels.blocks(x.cols(), LAST_COLUMNS) + 1)
                .integer(x.rows())
                .integer(x.cols())
                .integer(last.dz().cols())
                .matrix(last.dz())
                .matrix(x)
                .matrix(last.w())
                .matrix(last.dw());
        below(
                begun,
                step.hidden().isEmpty() ? null : step.hidden().get(step.hidden().size() - 1));
        begun.structure()
                .matrix(loss.losses())
                .matrix(loss.clock())
                .matrix(loss.history())
                .matrix(last.dbias())
                .matrix(rates == null ? null : rates.table())
                .matrix(rates == null ? null : rates.row())
                .integer(rates == null ? 0 : rates.row().cols())
                .end()
                .run();
    }

    /** The struct LayerBelow of {@code kernels.cu}. */
    private static void below(Launch begun, TrainingStep.@Nullable Hidden layer) {
        Operation.NormBackward norm = layer == null ? null : layer.normBackward();
        begun.structure()
                .integer(layer == null ? 0 : Codes.of(layer.activation()))
                .matrix(layer == null ? null : layer.y())
                .matrix(layer == null ? null : layer.mask())
                .matrix(layer == null ? null : layer.backward().dz())
                .matrix(layer == null || norm != null ? null : layer.backward().dbias())
                .matrix(norm == null ? null : norm.x())
                .matrix(norm == null ? null : norm.gamma())
                .matrix(norm == null ? null : norm.mean())
                .matrix(norm == null ? null : norm.inverseStd())
                .matrix(norm == null ? null : norm.dgamma())
                .matrix(norm == null ? null : norm.dbeta())
                .end();
    }

    /** The weight gradients, the optimiser and the clock, in one kernel if they fit. */
    private void finish(TrainingStep step, List<WeightKernels.Task> tasks) {
        Operation.Update update = step.update();
        List<WeightKernels.Span> spans = update == null ? List.of() : rest(update.g(), tasks);
        if (WeightKernels.fits(tasks.size(), spans.size())) {
            layers.weights().launch(tasks, spans, update, step.advance());
            return;
        }
        for (int i = 0; i < tasks.size(); i += WeightKernels.MAX_TASKS) {
            int end = Math.min(i + WeightKernels.MAX_TASKS, tasks.size());
            layers.weights().launch(tasks.subList(i, end), List.of(), null, null);
        }
        if (update != null) {
            layers.update(update);
        }
        if (step.advance() != null) {
            layers.advance(step.advance());
        }
    }

    /** The spans of parameters whose gradients no task computes. */
    private static List<WeightKernels.Span> rest(Matrix block, List<WeightKernels.Task> tasks) {
        List<Matrix> computed = new ArrayList<>();
        for (WeightKernels.Task task : tasks) {
            computed.add(task.dw());
            if (task.dbias() != null) {
                computed.add(task.dbias());
            }
        }
        computed.sort(Comparator.comparingInt(Matrix::offset));
        List<WeightKernels.Span> spans = new ArrayList<>();
        int begin = 0;
        for (Matrix gradient : computed) {
            int offset = gradient.offset() - block.offset();
            addSpan(spans, begin, offset);
            begin = offset + gradient.size();
        }
        addSpan(spans, begin, block.size());
        return spans;
    }

    private static void addSpan(List<WeightKernels.Span> spans, int begin, int end) {
        if (begin < end) {
            spans.add(new WeightKernels.Span(begin, end));
        }
    }
}
