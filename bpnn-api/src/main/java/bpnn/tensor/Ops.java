package bpnn.tensor;

import bpnn.spi.Activation;
import bpnn.spi.Axis;
import bpnn.spi.Backend;
import bpnn.spi.BinaryOp;
import bpnn.spi.Clock;
import bpnn.spi.DropoutSpec;
import bpnn.spi.ElementType;
import bpnn.spi.Kernels;
import bpnn.spi.Matrix;
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

    public Ops(Backend backend) {
        this.backend = backend;
        this.kernels = backend.kernels();
    }

    /** The backend it calls. */
    public Backend backend() {
        return backend;
    }

    /** C = α op(A) op(B) + β C; see {@link Kernels#gemm}. */
    public void gemm(float alpha, Tensor a, boolean transA, Tensor b, boolean transB, float beta, Tensor c) {
        int rows = transA ? a.cols() : a.rows();
        int inner = transA ? a.rows() : a.cols();
        int innerB = transB ? b.cols() : b.rows();
        int cols = transB ? b.rows() : b.cols();
        floats(a, "A");
        floats(b, "B");
        if (inner != innerB) {
            throw new IllegalArgumentException("The product of " + a.shape() + (transA ? " transposed" : "") + " and "
                    + b.shape() + (transB ? " transposed" : "") + " needs equal inner dimensions, but they are " + inner
                    + " and " + innerB);
        }
        shaped(c, "C", rows, cols);
        apart(c, "C", a, "A");
        apart(c, "C", b, "B");
        kernels.gemm(alpha, a.matrix(), transA, b.matrix(), transB, beta, c.matrix());
    }

    /** y = value; see {@link Kernels#fill}. */
    public void fill(Tensor y, float value) {
        floats(y, "y");
        kernels.fill(y.matrix(), value);
    }

    /** y = op(x); see {@link Kernels#map}. */
    public void map(UnaryOp op, Tensor x, Tensor y) {
        floats(x, "x");
        shaped(y, "y", x.rows(), x.cols());
        sameOrApart(y, "y", x, "x");
        kernels.map(op, x.matrix(), y.matrix());
    }

    /** y = op(a, b) with b broadcast as needed; see {@link Kernels#zip}. */
    public void zip(BinaryOp op, Tensor a, Tensor b, Tensor y) {
        floats(a, "a");
        floats(b, "b");
        boolean rowsFit = b.rows() == a.rows() || b.rows() == 1;
        boolean colsFit = b.cols() == a.cols() || b.cols() == 1;
        if (!rowsFit || !colsFit) {
            throw new IllegalArgumentException(
                    "b must be " + a.shape() + ", a row, a column or a scalar of it, but is " + b.shape());
        }
        shaped(y, "y", a.rows(), a.cols());
        sameOrApart(y, "y", a, "a");
        sameOrApart(y, "y", b, "b");
        kernels.zip(op, a.matrix(), b.matrix(), y.matrix());
    }

    /** y = α x + β y; see {@link Kernels#axpby}. */
    public void axpby(float alpha, Tensor x, float beta, Tensor y) {
        floats(x, "x");
        shaped(y, "y", x.rows(), x.cols());
        sameOrApart(y, "y", x, "x");
        kernels.axpby(alpha, x.matrix(), beta, y.matrix());
    }

    /** The sum or maximum along an axis; see {@link Kernels#reduce}. */
    public void reduce(Reduction op, Axis axis, Tensor x, Tensor y) {
        floats(x, "x");
        shaped(y, "y", axis == Axis.ROWS ? 1 : x.rows(), axis == Axis.ROWS ? x.cols() : 1);
        apart(y, "y", x, "x");
        kernels.reduce(op, axis, x.matrix(), y.matrix());
    }

    /**
     * The rows of a batch, scaled; see {@link Kernels#gatherRows}. The caller guarantees that the batch is within the
     * order and the order within the table, since both are in backend memory and not read back.
     */
    public void gatherRows(Tensor table, @Nullable Tensor order, Tensor position, float scale, float shift, Tensor y) {
        table(table, order, position);
        shaped(y, "y", y.rows(), table.cols());
        apart(y, "y", table, "table");
        kernels.gatherRows(table.matrix(), orNull(order), position.matrix(), scale, shift, y.matrix());
    }

    private void table(Tensor table, @Nullable Tensor order, Tensor position) {
        owned(table, "table");
        if (table.type() == ElementType.INT32) {
            throw new IllegalArgumentException("The table must hold UINT8 or FLOAT32 elements, but holds INT32");
        }
        integers(position, "position", 1);
        if (order != null) {
            integers(order, "order", order.cols());
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
        table(images, order, position);
        table(labels, order, position);
        if (labels.rows() != images.rows()) {
            throw new IllegalArgumentException("There must be labels for each of the " + images.rows()
                    + " images, but there are " + labels.rows() + " rows of them");
        }
        shaped(x, "x", x.rows(), images.cols());
        shaped(targets, "targets", x.rows(), labels.cols());
        apart(x, "x", images, "images");
        apart(x, "x", labels, "labels");
        apart(targets, "targets", images, "images");
        apart(targets, "targets", labels, "labels");
        apart(targets, "targets", x, "x");
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

    /** y = activation(x W + b); see {@link Kernels#denseForward}. */
    public void denseForward(Tensor x, Tensor w, @Nullable Tensor bias, Activation activation, Tensor y) {
        denseOutput(x, w, bias, y);
        kernels.denseForward(x.matrix(), w.matrix(), orNull(bias), activation, y.matrix());
    }

    private void denseOutput(Tensor x, Tensor w, @Nullable Tensor bias, Tensor y) {
        floats(x, "x");
        shaped(w, "W", x.cols(), w.cols());
        if (bias != null) {
            shaped(bias, "bias", 1, w.cols());
        }
        shaped(y, "y", x.rows(), w.cols());
        apart(y, "y", x, "x");
    }

    /** A dense layer followed by dropout; see {@link Kernels#denseDropoutForward}. */
    public void denseDropoutForward(
            Tensor x,
            Tensor w,
            @Nullable Tensor bias,
            Activation activation,
            DropoutSpec spec,
            Tensor clock,
            Tensor mask,
            Tensor y,
            Tensor dropped) {
        denseOutput(x, w, bias, y);
        droppedOutput(x, clock, mask, y, dropped);
        kernels.denseDropoutForward(
                x.matrix(),
                w.matrix(),
                orNull(bias),
                activation,
                spec,
                clock.matrix(),
                mask.matrix(),
                y.matrix(),
                dropped.matrix());
    }

    /** Checks the operands of dropout of {@code y} to {@code dropped}, after {@code x}. */
    private void droppedOutput(Tensor x, Tensor clock, Tensor mask, Tensor y, Tensor dropped) {
        integers(clock, "clock", Clock.LENGTH);
        shaped(mask, "mask", y.rows(), y.cols());
        shaped(dropped, "dropped", y.rows(), y.cols());
        apart(mask, "mask", x, "x");
        apart(mask, "mask", y, "y");
        apart(dropped, "dropped", x, "x");
        apart(dropped, "dropped", y, "y");
        apart(dropped, "dropped", mask, "mask");
    }

    /** The gradients of a dense layer; see {@link Kernels#denseBackward}. */
    public void denseBackward(Tensor x, Tensor w, Tensor dy, Tensor dw, @Nullable Tensor dbias, @Nullable Tensor dx) {
        floats(x, "x");
        shaped(w, "W", x.cols(), w.cols());
        shaped(dy, "dy", x.rows(), w.cols());
        gradients(x, w, dy, "dy", dw, dbias, dx);
        kernels.denseBackward(x.matrix(), w.matrix(), dy.matrix(), dw.matrix(), orNull(dbias), orNull(dx));
    }

    private void gradients(
            Tensor x,
            Tensor w,
            Tensor dz,
            String name,
            @Nullable Tensor dw,
            @Nullable Tensor dbias,
            @Nullable Tensor dx) {
        if (dw != null) {
            shaped(dw, "dW", w.rows(), w.cols());
            apart(dw, "dW", dz, name);
        }
        if (dbias != null) {
            shaped(dbias, "dbias", 1, w.cols());
        }
        if (dx != null) {
            shaped(dx, "dx", x.rows(), x.cols());
            apart(dx, "dx", dz, name);
        }
    }

    /** The gradients of a dense layer with its activation and dropout; see {@link Kernels#denseLayerBackward}. */
    public void denseLayerBackward(
            Tensor x,
            Tensor w,
            Activation activation,
            Tensor y,
            @Nullable Tensor mask,
            Tensor dy,
            Tensor dz,
            @Nullable Tensor dw,
            @Nullable Tensor dbias,
            @Nullable Tensor dx) {
        floats(x, "x");
        shaped(w, "W", x.cols(), w.cols());
        shaped(y, "y", x.rows(), w.cols());
        throughActivation(y, mask, dy, dz, "dz");
        gradients(x, w, dz, "dz", dw, dbias, dx);
        kernels.denseLayerBackward(
                x.matrix(),
                w.matrix(),
                activation,
                y.matrix(),
                orNull(mask),
                dy.matrix(),
                dz.matrix(),
                orNull(dw),
                orNull(dbias),
                orNull(dx));
    }

    /** Checks the backward pass from {@code dy} through dropout and activation to {@code dz}. */
    private void throughActivation(Tensor y, @Nullable Tensor mask, Tensor dy, Tensor dz, String name) {
        shaped(dy, "dy", y.rows(), y.cols());
        shaped(dz, name, y.rows(), y.cols());
        sameOrApart(dz, name, dy, "dy");
        apart(dz, name, y, "y");
        if (mask != null) {
            shaped(mask, "mask", y.rows(), y.cols());
            apart(dz, name, mask, "mask");
        }
    }

    /** dx = dy · activation'(x) in terms of y; see {@link Kernels#activationBackward}. */
    public void activationBackward(Activation activation, Tensor y, Tensor dy, Tensor dx) {
        floats(y, "y");
        throughActivation(y, null, dy, dx, "dx");
        kernels.activationBackward(activation, y.matrix(), dy.matrix(), dx.matrix());
    }

    /** Batch normalisation in training; see {@link Kernels#batchNormTrain}. */
    public void batchNormTrain(
            Tensor x,
            Tensor gamma,
            Tensor beta,
            float epsilon,
            float momentum,
            Tensor runningMean,
            Tensor runningVariance,
            Tensor mean,
            Tensor inverseStd,
            Activation activation,
            Tensor y) {
        batchStatistics(x, y);
        rows(x.cols(), gamma, beta, runningMean, runningVariance, mean, inverseStd);
        kernels.batchNormTrain(
                x.matrix(),
                gamma.matrix(),
                beta.matrix(),
                epsilon,
                momentum,
                runningMean.matrix(),
                runningVariance.matrix(),
                mean.matrix(),
                inverseStd.matrix(),
                activation,
                y.matrix());
    }

    private void batchStatistics(Tensor x, Tensor y) {
        floats(x, "x");
        if (x.rows() < 2) {
            throw new IllegalArgumentException(
                    "Batch normalisation in training needs a batch of at least 2 examples, but got " + x.rows());
        }
        shaped(y, "y", x.rows(), x.cols());
        apart(y, "y", x, "x");
    }

    /** Batch normalisation followed by dropout; see {@link Kernels#batchNormDropoutTrain}. */
    public void batchNormDropoutTrain(
            Tensor x,
            Tensor gamma,
            Tensor beta,
            float epsilon,
            float momentum,
            Tensor runningMean,
            Tensor runningVariance,
            Tensor mean,
            Tensor inverseStd,
            Activation activation,
            DropoutSpec spec,
            Tensor clock,
            Tensor mask,
            Tensor y,
            Tensor dropped) {
        batchStatistics(x, y);
        rows(x.cols(), gamma, beta, runningMean, runningVariance, mean, inverseStd);
        droppedOutput(x, clock, mask, y, dropped);
        kernels.batchNormDropoutTrain(
                x.matrix(),
                gamma.matrix(),
                beta.matrix(),
                epsilon,
                momentum,
                runningMean.matrix(),
                runningVariance.matrix(),
                mean.matrix(),
                inverseStd.matrix(),
                activation,
                spec,
                clock.matrix(),
                mask.matrix(),
                y.matrix(),
                dropped.matrix());
    }

    /** Batch normalisation in evaluation; see {@link Kernels#batchNormInfer}. */
    public void batchNormInfer(
            Tensor x,
            Tensor gamma,
            Tensor beta,
            float epsilon,
            Tensor runningMean,
            Tensor runningVariance,
            Activation activation,
            Tensor y) {
        floats(x, "x");
        rows(x.cols(), gamma, beta, runningMean, runningVariance);
        shaped(y, "y", x.rows(), x.cols());
        apart(y, "y", x, "x");
        kernels.batchNormInfer(
                x.matrix(),
                gamma.matrix(),
                beta.matrix(),
                epsilon,
                runningMean.matrix(),
                runningVariance.matrix(),
                activation,
                y.matrix());
    }

    /** The gradients of batch normalisation; see {@link Kernels#batchNormBackward}. */
    public void batchNormBackward(
            Tensor x, Tensor gamma, Tensor mean, Tensor inverseStd, Tensor dy, Tensor dgamma, Tensor dbeta, Tensor dx) {
        floats(x, "x");
        rows(x.cols(), gamma, mean, inverseStd, dgamma, dbeta);
        shaped(dy, "dy", x.rows(), x.cols());
        shaped(dx, "dx", x.rows(), x.cols());
        sameOrApart(dx, "dx", dy, "dy");
        apart(dx, "dx", x, "x");
        kernels.batchNormBackward(
                x.matrix(),
                gamma.matrix(),
                mean.matrix(),
                inverseStd.matrix(),
                dy.matrix(),
                dgamma.matrix(),
                dbeta.matrix(),
                dx.matrix());
    }

    /**
     * The gradients of batch normalisation with its activation and dropout; see {@link Kernels#batchNormLayerBackward}.
     */
    public void batchNormLayerBackward(
            Tensor x,
            Tensor gamma,
            Tensor mean,
            Tensor inverseStd,
            Activation activation,
            Tensor y,
            @Nullable Tensor mask,
            Tensor dy,
            Tensor dgamma,
            Tensor dbeta,
            Tensor dx) {
        floats(x, "x");
        rows(x.cols(), gamma, mean, inverseStd, dgamma, dbeta);
        shaped(y, "y", x.rows(), x.cols());
        throughActivation(y, mask, dy, dx, "dx");
        apart(dx, "dx", x, "x");
        kernels.batchNormLayerBackward(
                x.matrix(),
                gamma.matrix(),
                mean.matrix(),
                inverseStd.matrix(),
                activation,
                y.matrix(),
                orNull(mask),
                dy.matrix(),
                dgamma.matrix(),
                dbeta.matrix(),
                dx.matrix());
    }

    /** y = x · mask with a fresh mask; see {@link Kernels#dropout}. */
    public void dropout(Tensor x, DropoutSpec spec, Tensor clock, Tensor mask, Tensor y) {
        floats(x, "x");
        integers(clock, "clock", Clock.LENGTH);
        shaped(mask, "mask", x.rows(), x.cols());
        shaped(y, "y", x.rows(), x.cols());
        sameOrApart(y, "y", x, "x");
        apart(mask, "mask", x, "x");
        apart(mask, "mask", y, "y");
        kernels.dropout(x.matrix(), spec, clock.matrix(), mask.matrix(), y.matrix());
    }

    /** dx = dy · mask; see {@link Kernels#dropoutBackward}. */
    public void dropoutBackward(Tensor dy, Tensor mask, Tensor dx) {
        floats(dy, "dy");
        shaped(mask, "mask", dy.rows(), dy.cols());
        shaped(dx, "dx", dy.rows(), dy.cols());
        sameOrApart(dx, "dx", dy, "dy");
        apart(dx, "dx", mask, "mask");
        kernels.dropoutBackward(dy.matrix(), mask.matrix(), dx.matrix());
    }

    /** Softmax, cross-entropy and its gradient; see {@link Kernels#softmaxCrossEntropy}. */
    public void softmaxCrossEntropy(Tensor logits, Tensor targets, Tensor losses, @Nullable Tensor dlogits) {
        loss(logits, targets, losses, dlogits);
        kernels.softmaxCrossEntropy(logits.matrix(), targets.matrix(), losses.matrix(), orNull(dlogits));
    }

    private void loss(Tensor logits, Tensor targets, Tensor losses, @Nullable Tensor dlogits) {
        floats(logits, "logits");
        shaped(targets, "targets", logits.rows(), logits.cols());
        shaped(losses, "losses", logits.rows(), 1);
        if (dlogits != null) {
            shaped(dlogits, "dlogits", logits.rows(), logits.cols());
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
        integers(clock, "clock", Clock.LENGTH);
        shaped(history, "history", 1, history.cols());
        apart(history, "history", losses, "losses");
    }

    /** Records the mean loss of the step; see {@link Kernels#recordLoss}. */
    public void recordLoss(Tensor losses, Tensor clock, Tensor history) {
        shaped(losses, "losses", losses.rows(), 1);
        history(losses, clock, history);
        kernels.recordLoss(losses.matrix(), clock.matrix(), history.matrix());
    }

    /** Advances the clock by one step; see {@link Kernels#advance}. */
    public void advance(Tensor clock, int batch) {
        integers(clock, "clock", Clock.LENGTH);
        kernels.advance(clock.matrix(), batch);
    }

    /** The index of each row's first maximum; see {@link Kernels#argmax}. */
    public void argmax(Tensor x, Tensor y) {
        floats(x, "x");
        shaped(y, "y", x.rows(), 1);
        apart(y, "y", x, "x");
        kernels.argmax(x.matrix(), y.matrix());
    }

    /** SGD; see {@link Kernels#sgd}. */
    public void sgd(Tensor w, Tensor g, Tensor rates) {
        floats(w, "w");
        shaped(g, "g", w.rows(), w.cols());
        shaped(rates, "rates", 1, 1);
        kernels.sgd(w.matrix(), g.matrix(), rates.matrix());
    }

    /** SGD with momentum; see {@link Kernels#momentum}. */
    public void momentum(Tensor w, Tensor g, Tensor velocity, float momentum, Tensor rates) {
        floats(w, "w");
        shaped(g, "g", w.rows(), w.cols());
        shaped(velocity, "velocity", w.rows(), w.cols());
        shaped(rates, "rates", 1, 1);
        kernels.momentum(w.matrix(), g.matrix(), velocity.matrix(), momentum, rates.matrix());
    }

    /** Adam; see {@link Kernels#adam}. */
    public void adam(Tensor w, Tensor g, Tensor m, Tensor v, float beta1, float beta2, Tensor rates) {
        floats(w, "w");
        shaped(g, "g", w.rows(), w.cols());
        shaped(m, "m", w.rows(), w.cols());
        shaped(v, "v", w.rows(), w.cols());
        shaped(rates, "rates", 1, 3);
        kernels.adam(w.matrix(), g.matrix(), m.matrix(), v.matrix(), beta1, beta2, rates.matrix());
    }

    private static @Nullable Matrix orNull(@Nullable Tensor tensor) {
        return tensor == null ? null : tensor.matrix();
    }

    private void owned(Tensor tensor, String name) {
        tensor.scope().checkOpen();
        if (tensor.scope().backend() != backend) {
            throw new IllegalArgumentException(name + " lives on the backend '"
                    + tensor.scope().backend().id() + "' of another session; this is '" + backend.id() + "'");
        }
    }

    private void floats(Tensor tensor, String name) {
        owned(tensor, name);
        if (tensor.type() != ElementType.FLOAT32) {
            throw new IllegalArgumentException(name + " must hold FLOAT32 elements, but holds " + tensor.type());
        }
    }

    private void shaped(Tensor tensor, String name, int rows, int cols) {
        floats(tensor, name);
        if (tensor.rows() != rows || tensor.cols() != cols) {
            throw new IllegalArgumentException(
                    name + " must be [" + rows + ", " + cols + "], but is " + tensor.shape());
        }
    }

    private void rows(int cols, Tensor... tensors) {
        for (Tensor tensor : tensors) {
            shaped(tensor, "each statistic", 1, cols);
        }
    }

    private void integers(Tensor tensor, String name, int cols) {
        owned(tensor, name);
        if (tensor.type() != ElementType.INT32 || tensor.rows() != 1 || tensor.cols() != cols) {
            throw new IllegalArgumentException(name + " must hold INT32 elements in the shape [1, " + cols
                    + "], but holds " + tensor.type() + " in " + tensor.shape());
        }
    }

    private static void apart(Tensor y, String name, Tensor x, String other) {
        Matrix a = y.matrix();
        Matrix b = x.matrix();
        if (a.buffer() == b.buffer()
                && a.size() > 0
                && b.size() > 0
                && a.offset() < b.offset() + b.size()
                && b.offset() < a.offset() + a.size()) {
            throw new IllegalArgumentException(name + " is written while " + other + " is read, but they overlap");
        }
    }

    private static void sameOrApart(Tensor y, String name, Tensor x, String other) {
        Matrix a = y.matrix();
        Matrix b = x.matrix();
        boolean same = a.buffer() == b.buffer() && a.offset() == b.offset() && a.size() == b.size();
        if (!same) {
            apart(y, name, x, other);
        }
    }
}
