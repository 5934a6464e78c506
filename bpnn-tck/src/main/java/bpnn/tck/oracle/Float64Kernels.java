package bpnn.tck.oracle;

import static bpnn.tck.oracle.Float64Buffer.values;

import bpnn.spi.Axis;
import bpnn.spi.Backend;
import bpnn.spi.BinaryOp;
import bpnn.spi.ElementType;
import bpnn.spi.HeapBuffer;
import bpnn.spi.Kernels;
import bpnn.spi.Matrix;
import bpnn.spi.Reduction;
import bpnn.spi.Scratch;
import bpnn.spi.UnaryOp;
import org.jspecify.annotations.Nullable;

/** The seven primitives in float64, with exp, log and tanh of the JDK. */
public class Float64Kernels implements Kernels {
    private final Scratch scratch;

    public Float64Kernels(Backend backend) {
        this.scratch = new Scratch(backend);
    }

    /** The function in float64. */
    public static double apply(UnaryOp op, double x) {
        return switch (op) {
            case COPY -> x;
            case EXP -> Math.exp(x);
            case LOG -> Math.log(x);
            case SQRT -> Math.sqrt(x);
            case TANH -> Math.tanh(x);
            case SIGMOID -> 1 / (1 + Math.exp(-x));
            case RELU -> Math.max(x, 0);
        };
    }

    /** The function in float64. */
    public static double apply(BinaryOp op, double a, double b) {
        return switch (op) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case DIVIDE -> a / b;
            case GREATER -> a > b ? 1 : 0;
            case EQUAL -> a == b ? 1 : 0;
        };
    }

    @Override
    public Scratch scratch() {
        return scratch;
    }

    @Override
    public void gemm(float alpha, Matrix a, boolean transA, Matrix b, boolean transB, float beta, Matrix c) {
        int length = transA ? a.rows() : a.cols();
        double[] x = values(a);
        double[] y = values(b);
        for (int i = 0; i < c.rows(); i++) {
            for (int j = 0; j < c.cols(); j++) {
                double sum = 0;
                for (int k = 0; k < length; k++) {
                    sum += x[a.offset() + (transA ? k * a.cols() + i : i * a.cols() + k)]
                            * y[b.offset() + (transB ? j * b.cols() + k : k * b.cols() + j)];
                }
                int at = c.offset() + i * c.cols() + j;
                values(c)[at] = alpha * sum + (beta == 0 ? 0 : beta * values(c)[at]);
            }
        }
    }

    @Override
    public void fill(Matrix y, float value) {
        for (int i = 0; i < y.size(); i++) {
            values(y)[y.offset() + i] = value;
        }
    }

    @Override
    public void map(UnaryOp op, Matrix x, Matrix y) {
        for (int i = 0; i < x.size(); i++) {
            values(y)[y.offset() + i] = apply(op, values(x)[x.offset() + i]);
        }
    }

    @Override
    public void zip(BinaryOp op, Matrix a, Matrix b, Matrix y) {
        for (int i = 0; i < a.rows(); i++) {
            for (int j = 0; j < a.cols(); j++) {
                int at = i * a.cols() + j;
                int other = (b.rows() == 1 ? 0 : i * b.cols()) + (b.cols() == 1 ? 0 : j);
                values(y)[y.offset() + at] = apply(op, values(a)[a.offset() + at], values(b)[b.offset() + other]);
            }
        }
    }

    @Override
    public void axpby(float alpha, Matrix x, float beta, Matrix y) {
        for (int i = 0; i < x.size(); i++) {
            int at = y.offset() + i;
            double old = beta == 0 ? 0 : beta * values(y)[at];
            values(y)[at] = alpha * values(x)[x.offset() + i] + old;
        }
    }

    @Override
    public void reduce(Reduction op, Axis axis, Matrix x, Matrix y) {
        boolean rows = axis == Axis.ROWS;
        int count = rows ? x.rows() : x.cols();
        for (int i = 0; i < y.size(); i++) {
            double result = op == Reduction.SUM ? 0 : Double.NEGATIVE_INFINITY;
            for (int k = 0; k < count; k++) {
                double value = values(x)[x.offset() + (rows ? k * x.cols() + i : i * x.cols() + k)];
                result = op == Reduction.SUM ? result + value : Math.max(result, value);
            }
            values(y)[y.offset() + i] = result;
        }
    }

    @Override
    public void gatherRows(Matrix table, @Nullable Matrix order, Matrix position, float scale, float shift, Matrix y) {
        boolean bytes = table.buffer().type() == ElementType.UINT8;
        int start = HeapBuffer.ints(position)[position.offset()];
        for (int i = 0; i < y.rows(); i++) {
            int row = order == null ? start + i : HeapBuffer.ints(order)[order.offset() + start + i];
            for (int j = 0; j < y.cols(); j++) {
                int at = table.offset() + row * table.cols() + j;
                double value = bytes ? HeapBuffer.bytes(table)[at] & 0xFF : values(table)[at];
                values(y)[y.offset() + i * y.cols() + j] = value * scale + shift;
            }
        }
    }
}
