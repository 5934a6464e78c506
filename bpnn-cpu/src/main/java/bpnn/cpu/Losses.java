package bpnn.cpu;

import static bpnn.spi.HeapBuffer.floats;

import bpnn.spi.Matrix;
import bpnn.spi.Reference;
import bpnn.spi.UnaryOp;
import org.jspecify.annotations.Nullable;

/**
 * Softmax cross-entropy, split among the threads by rows, and argmax, in plain Java: with a few thousand elements it does not
 * pay to compile vector code. The formulas are those of {@link bpnn.spi.Composed}.
 */
final class Losses {
    private static final int MIN_ELEMENTS_PER_THREAD = 512;

    private final WorkerPool pool;
    private final Elementwise elementwise = new Elementwise();
    private float[] shifted = {};
    private float[] exponentials = {};
    private float[] sums = {};

    Losses(WorkerPool pool) {
        this.pool = pool;
    }

    void softmaxCrossEntropy(Matrix logits, Matrix targets, Matrix losses, @Nullable Matrix dlogits) {
        int classes = logits.cols();
        reserve(logits.rows(), logits.size());
        pool.parallelFor(
                logits.rows(),
                1,
                MIN_ELEMENTS_PER_THREAD / Math.max(1, classes) + 1,
                (from, to) -> rows(logits, targets, losses, dlogits, from, to));
    }

    private void rows(Matrix logits, Matrix targets, Matrix losses, @Nullable Matrix dlogits, int from, int to) {
        int classes = logits.cols();
        int start = from * classes;
        for (int i = from; i < to; i++) {
            shift(floats(logits), logits.offset() + i * classes, i * classes, classes);
        }
        elementwise.map(UnaryOp.EXP, shifted, start, exponentials, start, (to - from) * classes);
        for (int i = from; i < to; i++) {
            sums[i] = Reference.sum(exponentials, i * classes, classes, 1);
        }
        if (dlogits != null) {
            gradient(targets, dlogits, from, to);
        }
        elementwise.map(UnaryOp.LOG, sums, from, sums, from, to - from);
        for (int i = from; i < to; i++) {
            for (int j = i * classes; j < (i + 1) * classes; j++) {
                shifted[j] = (shifted[j] - sums[i]) * floats(targets)[targets.offset() + j];
            }
            floats(losses)[losses.offset() + i] = -Reference.sum(shifted, i * classes, classes, 1);
        }
    }

    private void reserve(int rows, int size) {
        if (sums.length < rows) {
            sums = new float[rows];
        }
        if (shifted.length < size) {
            shifted = new float[size];
            exponentials = new float[size];
        }
    }

    /** Subtracts the row maximum from the logits of a row. */
    private void shift(float[] logits, int start, int at, int classes) {
        float max = Float.NEGATIVE_INFINITY;
        for (int j = 0; j < classes; j++) {
            max = Math.max(max, logits[start + j]);
        }
        for (int j = 0; j < classes; j++) {
            shifted[at + j] = logits[start + j] - max;
        }
    }

    private void gradient(Matrix targets, Matrix dlogits, int from, int to) {
        int classes = dlogits.cols();
        for (int i = from; i < to; i++) {
            for (int j = i * classes; j < (i + 1) * classes; j++) {
                float difference = exponentials[j] / sums[i] - floats(targets)[targets.offset() + j];
                floats(dlogits)[dlogits.offset() + j] = difference / dlogits.rows();
            }
        }
    }

    /** Index of each row's first maximum; the number of columns for a row with a NaN, infinity without columns. */
    static void argmax(Matrix x, Matrix y) {
        float[] values = floats(x);
        for (int i = 0; i < x.rows(); i++) {
            int start = x.offset() + i * x.cols();
            float max = Float.NEGATIVE_INFINITY;
            for (int j = 0; j < x.cols(); j++) {
                max = Math.max(max, values[start + j]);
            }
            int index = 0;
            while (index < x.cols() && values[start + index] != max) {
                index++;
            }
            floats(y)[y.offset() + i] = x.cols() == 0 ? Float.POSITIVE_INFINITY : index;
        }
    }
}
