package example.plain;

import static example.plain.PlainBuffer.bytes;
import static example.plain.PlainBuffer.floats;
import static example.plain.PlainBuffer.ints;

import bpnn.spi.Axis;
import bpnn.spi.Backend;
import bpnn.spi.BinaryOp;
import bpnn.spi.ElementType;
import bpnn.spi.Kernels;
import bpnn.spi.Matrix;
import bpnn.spi.Reduction;
import bpnn.spi.Scratch;
import bpnn.spi.UnaryOp;

/** The seven primitives, each a loop. All other kernels are made of them by the interface. */
final class PlainKernels implements Kernels {
    private final Scratch scratch;

    PlainKernels(Backend backend) {
        this.scratch = new Scratch(backend);
    }

    @Override
    public Scratch scratch() {
        return scratch;
    }

    @Override
    public void gemm(float alpha, Matrix a, boolean transA, Matrix b, boolean transB, float beta, Matrix c) {
        int inner = transA ? a.rows() : a.cols();
        for (int i = 0; i < c.rows(); i++) {
            for (int j = 0; j < c.cols(); j++) {
                float sum = 0;
                for (int k = 0; k < inner; k++) {
                    float left = floats(a)[a.offset() + (transA ? k * a.cols() + i : i * a.cols() + k)];
                    float right = floats(b)[b.offset() + (transB ? j * b.cols() + k : k * b.cols() + j)];
                    sum += left * right;
                }
                int at = c.offset() + i * c.cols() + j;
                // With β = 0, C is not read: it may hold NaN.
                floats(c)[at] = beta == 0 ? alpha * sum : alpha * sum + beta * floats(c)[at];
            }
        }
    }

    @Override
    public void fill(Matrix y, float value) {
        for (int i = 0; i < y.size(); i++) {
            floats(y)[y.offset() + i] = value;
        }
    }

    @Override
    public void map(UnaryOp op, Matrix x, Matrix y) {
        for (int i = 0; i < x.size(); i++) {
            float value = floats(x)[x.offset() + i];
            floats(y)[y.offset() + i] = switch (op) {
                case COPY -> value;
                case EXP -> (float) Math.exp(value);
                case LOG -> (float) Math.log(value);
                case SQRT -> (float) Math.sqrt(value);
                case TANH -> (float) Math.tanh(value);
                case SIGMOID -> (float) (1 / (1 + Math.exp(-value)));
                case RELU -> Math.max(value, 0f);
            };
        }
    }

    @Override
    public void zip(BinaryOp op, Matrix a, Matrix b, Matrix y) {
        for (int i = 0; i < a.rows(); i++) {
            for (int j = 0; j < a.cols(); j++) {
                int row = b.rows() == 1 ? 0 : i;
                int col = b.cols() == 1 ? 0 : j;
                float left = floats(a)[a.offset() + i * a.cols() + j];
                float right = floats(b)[b.offset() + row * b.cols() + col];
                floats(y)[y.offset() + i * y.cols() + j] = switch (op) {
                    case ADD -> left + right;
                    case SUBTRACT -> left - right;
                    case MULTIPLY -> left * right;
                    case DIVIDE -> left / right;
                    case GREATER -> left > right ? 1 : 0;
                    case EQUAL -> left == right ? 1 : 0;
                };
            }
        }
    }

    @Override
    public void axpby(float alpha, Matrix x, float beta, Matrix y) {
        for (int i = 0; i < x.size(); i++) {
            float scaled = alpha * floats(x)[x.offset() + i];
            int at = y.offset() + i;
            floats(y)[at] = beta == 0 ? scaled : scaled + beta * floats(y)[at];
        }
    }

    @Override
    public void reduce(Reduction op, Axis axis, Matrix x, Matrix y) {
        boolean overRows = axis == Axis.ROWS;
        int count = overRows ? x.rows() : x.cols();
        for (int i = 0; i < y.size(); i++) {
            float result = op == Reduction.SUM ? 0 : Float.NEGATIVE_INFINITY;
            for (int k = 0; k < count; k++) {
                float value = floats(x)[x.offset() + (overRows ? k * x.cols() + i : i * x.cols() + k)];
                result = op == Reduction.SUM ? result + value : Math.max(result, value);
            }
            floats(y)[y.offset() + i] = result;
        }
    }

    /** {@code order} is null where the table is read in its own order. */
    @Override
    public void gatherRows(Matrix table, Matrix order, Matrix position, float scale, float shift, Matrix y) {
        int first = ints(position)[position.offset()];
        for (int i = 0; i < y.rows(); i++) {
            int row = order == null ? first + i : ints(order)[order.offset() + first + i];
            for (int j = 0; j < y.cols(); j++) {
                int at = table.offset() + row * table.cols() + j;
                // Bytes are pixels from 0 to 255; Java's bytes end at 127.
                float value = table.buffer().type() == ElementType.UINT8 ? bytes(table)[at] & 0xFF : floats(table)[at];
                floats(y)[y.offset() + i * y.cols() + j] = value * scale + shift;
            }
        }
    }
}
