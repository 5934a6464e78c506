package bpnn.tensor;

import bpnn.spi.Backend;
import bpnn.spi.ElementType;
import bpnn.spi.Matrix;
import org.jspecify.annotations.Nullable;

/**
 * What the front door asks of operands. Each check throws {@link IllegalArgumentException} or, for a tensor whose scope
 * is closed, {@link IllegalStateException}.
 */
final class OperandChecks {
    private final Backend backend;

    OperandChecks(Backend backend) {
        this.backend = backend;
    }

    static @Nullable Matrix orNull(@Nullable Tensor tensor) {
        return tensor == null ? null : tensor.matrix();
    }

    void owned(Tensor tensor, String name) {
        tensor.scope().checkOpen();
        if (tensor.scope().backend() != backend) {
            throw new IllegalArgumentException(name + " lives on the backend '"
                    + tensor.scope().backend().id() + "' of another session; this is '" + backend.id() + "'");
        }
    }

    void floats(Tensor tensor, String name) {
        owned(tensor, name);
        if (tensor.type() != ElementType.FLOAT32) {
            throw new IllegalArgumentException(name + " must hold FLOAT32 elements, but holds " + tensor.type());
        }
    }

    void shaped(Tensor tensor, String name, int rows, int cols) {
        floats(tensor, name);
        if (tensor.rows() != rows || tensor.cols() != cols) {
            throw new IllegalArgumentException(
                    name + " must be [" + rows + ", " + cols + "], but is " + tensor.shape());
        }
    }

    void rows(int cols, Tensor... tensors) {
        for (Tensor tensor : tensors) {
            shaped(tensor, "each statistic", 1, cols);
        }
    }

    void integers(Tensor tensor, String name, int cols) {
        owned(tensor, name);
        if (tensor.type() != ElementType.INT32 || tensor.rows() != 1 || tensor.cols() != cols) {
            throw new IllegalArgumentException(name + " must hold INT32 elements in the shape [1, " + cols
                    + "], but holds " + tensor.type() + " in " + tensor.shape());
        }
    }

    static void apart(Tensor y, String name, Tensor x, String other) {
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

    static void sameOrApart(Tensor y, String name, Tensor x, String other) {
        Matrix a = y.matrix();
        Matrix b = x.matrix();
        boolean same = a.buffer() == b.buffer() && a.offset() == b.offset() && a.size() == b.size();
        if (!same) {
            apart(y, name, x, other);
        }
    }
}
