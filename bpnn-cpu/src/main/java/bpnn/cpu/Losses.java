package bpnn.cpu;

import static bpnn.spi.HeapBuffer.floats;

import bpnn.spi.Matrix;
import bpnn.spi.Reference;
import bpnn.spi.UnaryOp;
import org.jspecify.annotations.Nullable;

/**
 * Softmax cross-entropy and argmax, on one thread in plain Java: with a few thousand elements neither threads nor
 * compiling vector code pays. The formulas are those of {@link bpnn.spi.Composed}.
 */
final class Losses {
    private final Elementwise elementwise = new Elementwise();
    private float[] shifted = {};
    private float[] exponentials = {};
    private float[] sums = {};

    void softmaxCrossEntropy(Matrix logits, Matrix targets, Matrix losses, @Nullable Matrix dlogits) {
        int rows = logits.rows();
        int classes = logits.cols();
        reserve(rows, logits.size());
        for (int i = 0; i < rows; i++) {
            shift(floats(logits), logits.offset() + i * classes, i * classes, classes);
        }
        elementwise.map(UnaryOp.EXP, shifted, 0, exponentials, 0, logits.size());
        for (int i = 0; i < rows; i++) {
            sums[i] = Reference.sum(exponentials, i * classes, classes, 1);
        }
        if (dlogits != null) {
            gradient(rows, classes, targets, dlogits);
        }
        elementwise.map(UnaryOp.LOG, sums, 0, sums, 0, rows);
        for (int i = 0; i < rows; i++) {
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

    private void gradient(int rows, int classes, Matrix targets, Matrix dlogits) {
        for (int i = 0; i < rows; i++) {
            for (int j = i * classes; j < (i + 1) * classes; j++) {
                float difference = exponentials[j] / sums[i] - floats(targets)[targets.offset() + j];
                floats(dlogits)[dlogits.offset() + j] = difference / rows;
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
