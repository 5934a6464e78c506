package bpnn.tck.oracle;

import static bpnn.tck.oracle.Float64Buffer.bounds;
import static bpnn.tck.oracle.Float64Buffer.values;

import bpnn.spi.Axis;
import bpnn.spi.Backend;
import bpnn.spi.BinaryOp;
import bpnn.spi.ElementType;
import bpnn.spi.HeapBuffer;
import bpnn.spi.Matrix;
import bpnn.spi.Reduction;
import bpnn.spi.UnaryOp;
import org.jspecify.annotations.Nullable;

/**
 * Float64 kernels that compute, for each value, an error bound of a float32 computation (running error analysis: J. H.
 * Wilkinson, 1963; N. J. Higham, "Accuracy and Stability of Numerical Algorithms", section 3.3). Each primitive
 * propagates the bounds of its operands and adds its own rounding errors ({@link Rounding}), so the composed kernels
 * yield bounds for every fused kernel and shape.
 */
public class BoundedKernels extends Float64Kernels {
    public BoundedKernels(Backend backend) {
        super(backend);
    }

    /** Sets the bounds of the elements of {@code y}, whose values are already computed. */
    void store(Matrix y, double[] computed) {
        System.arraycopy(computed, 0, bounds(y), y.offset(), y.size());
    }

    @Override
    public void gemm(float alpha, Matrix a, boolean transA, Matrix b, boolean transB, float beta, Matrix c) {
        int length = transA ? a.rows() : a.cols();
        double[] x = values(a);
        double[] y = values(b);
        double[] boundX = bounds(a);
        double[] boundY = bounds(b);
        double[] computed = new double[c.size()];
        for (int i = 0; i < c.rows(); i++) {
            for (int j = 0; j < c.cols(); j++) {
                double passedOn = 0;
                double magnitude = 0;
                for (int k = 0; k < length; k++) {
                    int left = a.offset() + (transA ? k * a.cols() + i : i * a.cols() + k);
                    int right = b.offset() + (transB ? j * b.cols() + k : k * b.cols() + j);
                    double sizeX = Math.abs(x[left]);
                    double sizeY = Math.abs(y[right]) + boundY[right];
                    passedOn += sizeX * boundY[right] + boundX[left] * sizeY;
                    magnitude += (sizeX + boundX[left]) * sizeY;
                }
                int at = i * c.cols() + j;
                double product = Math.abs(alpha) * magnitude;
                computed[at] = Math.abs(alpha) * passedOn + Rounding.product(length) * product + Rounding.tiny(length);
                computed[at] += alpha == 1 ? 0 : Rounding.UNIT * product;
                if (beta != 0) {
                    double old = Math.abs(values(c)[c.offset() + at]) + bounds(c)[c.offset() + at];
                    computed[at] += Math.abs(beta) * bounds(c)[c.offset() + at]
                            + 2 * Rounding.UNIT * (product + Math.abs(beta) * old);
                }
            }
        }
        super.gemm(alpha, a, transA, b, transB, beta, c);
        store(c, computed);
    }

    @Override
    public void fill(Matrix y, float value) {
        super.fill(y, value);
        store(y, new double[y.size()]);
    }

    @Override
    public void map(UnaryOp op, Matrix x, Matrix y) {
        double[] computed = new double[x.size()];
        for (int i = 0; i < computed.length; i++) {
            computed[i] = Rounding.of(op, values(x)[x.offset() + i], bounds(x)[x.offset() + i]);
        }
        super.map(op, x, y);
        store(y, computed);
    }

    @Override
    public void zip(BinaryOp op, Matrix a, Matrix b, Matrix y) {
        double[] computed = new double[a.size()];
        for (int i = 0; i < a.rows(); i++) {
            for (int j = 0; j < a.cols(); j++) {
                int left = a.offset() + i * a.cols() + j;
                int right = b.offset() + (b.rows() == 1 ? 0 : i * b.cols()) + (b.cols() == 1 ? 0 : j);
                computed[i * a.cols() + j] =
                        Rounding.of(op, values(a)[left], bounds(a)[left], values(b)[right], bounds(b)[right]);
            }
        }
        super.zip(op, a, b, y);
        store(y, computed);
    }

    @Override
    public void axpby(float alpha, Matrix x, float beta, Matrix y) {
        double[] computed = new double[x.size()];
        for (int i = 0; i < computed.length; i++) {
            double bound = bounds(x)[x.offset() + i];
            double sum = Math.abs(alpha) * (Math.abs(values(x)[x.offset() + i]) + bound);
            computed[i] = Math.abs(alpha) * bound + Rounding.tiny(1);
            if (beta != 0) {
                double old = bounds(y)[y.offset() + i];
                sum += Math.abs(beta) * (Math.abs(values(y)[y.offset() + i]) + old);
                computed[i] += Math.abs(beta) * old;
            }
            computed[i] += 2 * Rounding.UNIT * sum;
        }
        super.axpby(alpha, x, beta, y);
        store(y, computed);
    }

    @Override
    public void reduce(Reduction op, Axis axis, Matrix x, Matrix y) {
        boolean rows = axis == Axis.ROWS;
        int count = rows ? x.rows() : x.cols();
        double[] computed = new double[y.size()];
        for (int i = 0; i < computed.length; i++) {
            double magnitude = 0;
            for (int k = 0; k < count; k++) {
                int at = x.offset() + (rows ? k * x.cols() + i : i * x.cols() + k);
                double bound = bounds(x)[at];
                magnitude += Math.abs(values(x)[at]) + bound;
                computed[i] = op == Reduction.SUM ? computed[i] + bound : Math.max(computed[i], bound);
            }
            if (op == Reduction.SUM) {
                computed[i] += Rounding.sum(count) * magnitude;
            }
        }
        super.reduce(op, axis, x, y);
        store(y, computed);
    }

    /** The table is exact input data; unscaled, it is not rounded either. */
    @Override
    public void gatherRows(Matrix table, @Nullable Matrix order, Matrix position, float scale, float shift, Matrix y) {
        boolean exact = scale == 1 && shift == 0;
        double[] computed = new double[y.size()];
        int start = HeapBuffer.ints(position)[position.offset()];
        for (int i = 0; i < y.rows() && !exact; i++) {
            int row = order == null ? start + i : HeapBuffer.ints(order)[order.offset() + start + i];
            for (int j = 0; j < y.cols(); j++) {
                int at = table.offset() + row * table.cols() + j;
                boolean bytes = table.buffer().type() == ElementType.UINT8;
                double value = bytes ? HeapBuffer.bytes(table)[at] & 0xFF : values(table)[at];
                computed[i * y.cols() + j] =
                        2 * Rounding.UNIT * (Math.abs(value * scale) + Math.abs(shift)) + Rounding.tiny(1);
            }
        }
        super.gatherRows(table, order, position, scale, shift, y);
        store(y, computed);
    }
}
