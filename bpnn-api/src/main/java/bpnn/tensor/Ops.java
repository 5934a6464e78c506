package bpnn.tensor;

import static bpnn.tensor.OperandChecks.apart;
import static bpnn.tensor.OperandChecks.orNull;
import static bpnn.tensor.OperandChecks.sameOrApart;

import bpnn.spi.Augmentation;
import bpnn.spi.Axis;
import bpnn.spi.Backend;
import bpnn.spi.BinaryOp;
import bpnn.spi.Clock;
import bpnn.spi.ElementType;
import bpnn.spi.Kernels;
import bpnn.spi.Reduction;
import bpnn.spi.UnaryOp;
import org.jspecify.annotations.Nullable;

/**
 * The checked front door to a backend's kernels: each method validates owner, open or closed, element type, shape and
 * overlap once, then calls the kernel of the same name in {@link Kernels}, where the mathematics is documented.
 *
 * <p>Every method throws {@link IllegalArgumentException} for incompatible shapes, types, owners or overlaps, and
 * {@link IllegalStateException} for a tensor whose scope is closed; nothing is written in either case.
 */
public final class Ops {
    private final Backend backend;
    private final Kernels kernels;
    private final OperandChecks checks;
    private final LayerOps layers;

    public Ops(Backend backend) {
        this.backend = backend;
        this.kernels = backend.kernels();
        this.checks = new OperandChecks(backend);
        this.layers = new LayerOps(kernels, checks);
    }

    /** The backend it calls. */
    public Backend backend() {
        return backend;
    }

    /** The kernels of layers. */
    public LayerOps layers() {
        return layers;
    }

    /** C = α op(A) op(B) + β C; see {@link Kernels#gemm}. */
    public void gemm(float alpha, Tensor a, boolean transA, Tensor b, boolean transB, float beta, Tensor c) {
        int rows = transA ? a.cols() : a.rows();
        int inner = transA ? a.rows() : a.cols();
        int innerB = transB ? b.cols() : b.rows();
        int cols = transB ? b.rows() : b.cols();
        checks.floats(a, "A");
        checks.floats(b, "B");
        if (inner != innerB) {
            throw new IllegalArgumentException("The product of " + a.shape() + (transA ? " transposed" : "") + " and "
                    + b.shape() + (transB ? " transposed" : "") + " needs equal inner dimensions, but they are " + inner
                    + " and " + innerB);
        }
        checks.shaped(c, "C", rows, cols);
        apart(c, "C", a, "A");
        apart(c, "C", b, "B");
        kernels.gemm(alpha, a.matrix(), transA, b.matrix(), transB, beta, c.matrix());
    }

    /** y = value; see {@link Kernels#fill}. */
    public void fill(Tensor y, float value) {
        checks.floats(y, "y");
        kernels.fill(y.matrix(), value);
    }

    /** y = op(x); see {@link Kernels#map}. */
    public void map(UnaryOp op, Tensor x, Tensor y) {
        checks.floats(x, "x");
        checks.shaped(y, "y", x.rows(), x.cols());
        sameOrApart(y, "y", x, "x");
        kernels.map(op, x.matrix(), y.matrix());
    }

    /** y = op(a, b) with b broadcast as needed; see {@link Kernels#zip}. */
    public void zip(BinaryOp op, Tensor a, Tensor b, Tensor y) {
        checks.floats(a, "a");
        checks.floats(b, "b");
        boolean rowsFit = b.rows() == a.rows() || b.rows() == 1;
        boolean colsFit = b.cols() == a.cols() || b.cols() == 1;
        if (!rowsFit || !colsFit) {
            throw new IllegalArgumentException(
                    "b must be " + a.shape() + ", a row, a column or a scalar of it, but is " + b.shape());
        }
        checks.shaped(y, "y", a.rows(), a.cols());
        sameOrApart(y, "y", a, "a");
        sameOrApart(y, "y", b, "b");
        kernels.zip(op, a.matrix(), b.matrix(), y.matrix());
    }

    /** y = α x + β y; see {@link Kernels#axpby}. */
    public void axpby(float alpha, Tensor x, float beta, Tensor y) {
        checks.floats(x, "x");
        checks.shaped(y, "y", x.rows(), x.cols());
        sameOrApart(y, "y", x, "x");
        kernels.axpby(alpha, x.matrix(), beta, y.matrix());
    }

    /** The sum or maximum along an axis; see {@link Kernels#reduce}. */
    public void reduce(Reduction op, Axis axis, Tensor x, Tensor y) {
        checks.floats(x, "x");
        checks.shaped(y, "y", axis == Axis.ROWS ? 1 : x.rows(), axis == Axis.ROWS ? x.cols() : 1);
        apart(y, "y", x, "x");
        kernels.reduce(op, axis, x.matrix(), y.matrix());
    }

    /**
     * The rows of a batch, scaled; see {@link Kernels#gatherRows}. The caller guarantees that the batch is within the
     * order and the order within the table, since both are in backend memory and not read back.
     */
    public void gatherRows(Tensor table, @Nullable Tensor order, Tensor position, float scale, float shift, Tensor y) {
        table(table, order);
        checks.integers(position, "position", 1);
        checks.shaped(y, "y", y.rows(), table.cols());
        apart(y, "y", table, "table");
        kernels.gatherRows(table.matrix(), orNull(order), position.matrix(), scale, shift, y.matrix());
    }

    private void table(Tensor table, @Nullable Tensor order) {
        checks.owned(table, "table");
        if (table.type() == ElementType.INT32) {
            throw new IllegalArgumentException("The table must hold UINT8 or FLOAT32 elements, but holds INT32");
        }
        if (order != null) {
            checks.integers(order, "order", order.cols());
        }
    }

    /** The inputs and targets of a batch; see {@link Kernels#gatherBatch} and {@link #gatherRows}. */
    public void gatherBatch(
            Tensor images,
            Tensor labels,
            @Nullable Tensor order,
            Tensor position,
            float scale,
            float shift,
            float targetScale,
            float targetShift,
            Tensor x,
            Tensor targets) {
        checks.integers(position, "position", 1);
        batch(images, labels, order, x, targets);
        kernels.gatherBatch(
                images.matrix(),
                labels.matrix(),
                orNull(order),
                position.matrix(),
                scale,
                shift,
                targetScale,
                targetShift,
                x.matrix(),
                targets.matrix());
    }

    private void batch(Tensor images, Tensor labels, @Nullable Tensor order, Tensor x, Tensor targets) {
        table(images, order);
        table(labels, order);
        if (labels.rows() != images.rows()) {
            throw new IllegalArgumentException("There must be labels for each of the " + images.rows()
                    + " images, but there are " + labels.rows() + " rows of them");
        }
        checks.shaped(x, "x", x.rows(), images.cols());
        checks.shaped(targets, "targets", x.rows(), labels.cols());
        apart(x, "x", images, "images");
        apart(x, "x", labels, "labels");
        apart(targets, "targets", images, "images");
        apart(targets, "targets", labels, "labels");
        apart(targets, "targets", x, "x");
    }

    /** The same with distorted images; see {@link Kernels#gatherAugmented}. */
    public void gatherAugmented(
            Tensor images,
            Tensor labels,
            @Nullable Tensor order,
            Tensor clock,
            Augmentation augmentation,
            Tensor smoothing,
            float scale,
            float shift,
            float targetScale,
            float targetShift,
            Tensor x,
            Tensor targets) {
        checks.integers(clock, "clock", Clock.LENGTH);
        batch(images, labels, order, x, targets);
        if (images.type() != ElementType.UINT8 || images.cols() != augmentation.features()) {
            throw new IllegalArgumentException("The images must hold UINT8 elements in rows of "
                    + augmentation.features() + ", but hold " + images.type() + " in " + images.shape());
        }
        checks.shaped(smoothing, "smoothing", 1, augmentation.smoothingLength());
        apart(x, "x", smoothing, "smoothing");
        apart(targets, "targets", smoothing, "smoothing");
        kernels.gatherAugmented(
                images.matrix(),
                labels.matrix(),
                orNull(order),
                clock.matrix(),
                augmentation,
                smoothing.matrix(),
                scale,
                shift,
                targetScale,
                targetShift,
                x.matrix(),
                targets.matrix());
    }

    /** Softmax, cross-entropy and its gradient; see {@link Kernels#softmaxCrossEntropy}. */
    public void softmaxCrossEntropy(Tensor logits, Tensor targets, Tensor losses, @Nullable Tensor dlogits) {
        loss(logits, targets, losses, dlogits);
        kernels.softmaxCrossEntropy(logits.matrix(), targets.matrix(), losses.matrix(), orNull(dlogits));
    }

    private void loss(Tensor logits, Tensor targets, Tensor losses, @Nullable Tensor dlogits) {
        checks.floats(logits, "logits");
        checks.shaped(targets, "targets", logits.rows(), logits.cols());
        checks.shaped(losses, "losses", logits.rows(), 1);
        if (dlogits != null) {
            checks.shaped(dlogits, "dlogits", logits.rows(), logits.cols());
            apart(dlogits, "dlogits", logits, "logits");
            apart(dlogits, "dlogits", targets, "targets");
        }
    }

    /** Loss, its gradient, and the entry in the history; see {@link Kernels#trainingLoss}. */
    public void trainingLoss(
            Tensor logits, Tensor targets, Tensor losses, Tensor dlogits, Tensor clock, Tensor history) {
        loss(logits, targets, losses, dlogits);
        history(losses, clock, history);
        kernels.trainingLoss(
                logits.matrix(), targets.matrix(), losses.matrix(), dlogits.matrix(), clock.matrix(), history.matrix());
    }

    private void history(Tensor losses, Tensor clock, Tensor history) {
        checks.integers(clock, "clock", Clock.LENGTH);
        checks.shaped(history, "history", 1, history.cols());
        apart(history, "history", losses, "losses");
    }

    /** Records the mean loss of the step; see {@link Kernels#recordLoss}. */
    public void recordLoss(Tensor losses, Tensor clock, Tensor history) {
        checks.shaped(losses, "losses", losses.rows(), 1);
        history(losses, clock, history);
        kernels.recordLoss(losses.matrix(), clock.matrix(), history.matrix());
    }

    /** Advances the clock by one step; see {@link Kernels#advance}. */
    public void advance(Tensor clock, int batch) {
        checks.integers(clock, "clock", Clock.LENGTH);
        kernels.advance(clock.matrix(), batch);
    }

    /** The index of each row's first maximum; see {@link Kernels#argmax}. */
    public void argmax(Tensor x, Tensor y) {
        checks.floats(x, "x");
        checks.shaped(y, "y", x.rows(), 1);
        apart(y, "y", x, "x");
        kernels.argmax(x.matrix(), y.matrix());
    }

    /** SGD; see {@link Kernels#sgd}. */
    public void sgd(Tensor w, Tensor g, Tensor rates) {
        checks.floats(w, "w");
        checks.shaped(g, "g", w.rows(), w.cols());
        checks.shaped(rates, "rates", 1, 1);
        kernels.sgd(w.matrix(), g.matrix(), rates.matrix());
    }

    /** SGD with momentum; see {@link Kernels#momentum}. */
    public void momentum(Tensor w, Tensor g, Tensor velocity, float momentum, Tensor rates) {
        checks.floats(w, "w");
        checks.shaped(g, "g", w.rows(), w.cols());
        checks.shaped(velocity, "velocity", w.rows(), w.cols());
        checks.shaped(rates, "rates", 1, 1);
        kernels.momentum(w.matrix(), g.matrix(), velocity.matrix(), momentum, rates.matrix());
    }

    /** Adam; see {@link Kernels#adam}. */
    public void adam(Tensor w, Tensor g, Tensor m, Tensor v, float beta1, float beta2, Tensor rates) {
        checks.floats(w, "w");
        checks.shaped(g, "g", w.rows(), w.cols());
        checks.shaped(m, "m", w.rows(), w.cols());
        checks.shaped(v, "v", w.rows(), w.cols());
        checks.shaped(rates, "rates", 1, 3);
        kernels.adam(w.matrix(), g.matrix(), m.matrix(), v.matrix(), beta1, beta2, rates.matrix());
    }
}
