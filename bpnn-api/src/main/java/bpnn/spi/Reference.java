package bpnn.spi;

import org.jspecify.annotations.Nullable;

/**
 * The definition of the seven primitives in float32, in plain Java on {@link HeapBuffer}s. It is slow; its bits define
 * {@link Numerics#EXACT}. All fused kernels are inherited from {@link Composed}.
 */
public class Reference implements Kernels {
    private final Scratch scratch;

    public Reference(Backend backend) {
        this.scratch = new Scratch(backend);
    }

    /** The float32 definition of a unary function. */
    public static float apply(UnaryOp op, float x) {
        return switch (op) {
            case COPY -> x;
            case EXP -> ExactMath.exp(x);
            case LOG -> ExactMath.log(x);
            case SQRT -> (float) Math.sqrt(x);
            case TANH -> ExactMath.tanh(x);
            case SIGMOID -> ExactMath.sigmoid(x);
            case RELU -> Math.max(x, 0f);
        };
    }

    /** The float32 definition of a binary function. */
    public static float apply(BinaryOp op, float a, float b) {
        return switch (op) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case DIVIDE -> a / b;
            case GREATER -> a > b ? 1f : 0f;
            case EQUAL -> a == b ? 1f : 0f;
        };
    }

    /** The float32 definition of α x + β y. */
    public static float axpby(float alpha, float x, float beta, float y) {
        return beta == 0 ? alpha * x : Math.fma(alpha, x, beta * y);
    }

    @Override
    public Scratch scratch() {
        return scratch;
    }

    @Override
    public void gemm(float alpha, Matrix a, boolean transA, Matrix b, boolean transB, float beta, Matrix c) {
        float[] x = HeapBuffer.floats(a);
        float[] y = HeapBuffer.floats(b);
        float[] z = HeapBuffer.floats(c);
        int length = transA ? a.rows() : a.cols();
        for (int i = 0; i < c.rows(); i++) {
            for (int j = 0; j < c.cols(); j++) {
                float sum = 0f;
                for (int k = 0; k < length; k++) {
                    float left = x[a.offset() + (transA ? k * a.cols() + i : i * a.cols() + k)];
                    float right = y[b.offset() + (transB ? j * b.cols() + k : k * b.cols() + j)];
                    sum = Math.fma(left, right, sum);
                }
                int at = c.offset() + i * c.cols() + j;
                z[at] = beta == 0 ? alpha * sum : Math.fma(beta, z[at], alpha * sum);
            }
        }
    }

    @Override
    public void fill(Matrix y, float value) {
        float[] to = HeapBuffer.floats(y);
        for (int i = 0; i < y.size(); i++) {
            to[y.offset() + i] = value;
        }
    }

    @Override
    public void map(UnaryOp op, Matrix x, Matrix y) {
        float[] from = HeapBuffer.floats(x);
        float[] to = HeapBuffer.floats(y);
        for (int i = 0; i < x.size(); i++) {
            to[y.offset() + i] = apply(op, from[x.offset() + i]);
        }
    }

    @Override
    public void zip(BinaryOp op, Matrix a, Matrix b, Matrix y) {
        float[] left = HeapBuffer.floats(a);
        float[] right = HeapBuffer.floats(b);
        float[] to = HeapBuffer.floats(y);
        int rowStride = b.rows() == 1 ? 0 : b.cols();
        int colStride = b.cols() == 1 ? 0 : 1;
        for (int i = 0; i < a.rows(); i++) {
            for (int j = 0; j < a.cols(); j++) {
                int at = i * a.cols() + j;
                float second = right[b.offset() + i * rowStride + j * colStride];
                to[y.offset() + at] = apply(op, left[a.offset() + at], second);
            }
        }
    }

    @Override
    public void axpby(float alpha, Matrix x, float beta, Matrix y) {
        float[] from = HeapBuffer.floats(x);
        float[] to = HeapBuffer.floats(y);
        for (int i = 0; i < x.size(); i++) {
            int at = y.offset() + i;
            to[at] = axpby(alpha, from[x.offset() + i], beta, to[at]);
        }
    }

    @Override
    public void reduce(Reduction op, Axis axis, Matrix x, Matrix y) {
        float[] from = HeapBuffer.floats(x);
        float[] to = HeapBuffer.floats(y);
        boolean rows = axis == Axis.ROWS;
        int count = rows ? x.rows() : x.cols();
        int stride = rows ? x.cols() : 1;
        for (int i = 0; i < y.size(); i++) {
            int first = x.offset() + (rows ? i : i * x.cols());
            to[y.offset() + i] =
                    op == Reduction.SUM ? sum(from, first, count, stride) : max(from, first, count, stride);
        }
    }

    /** The float32 definition of {@link Reduction#SUM} over {@code count} elements, {@code stride} apart. */
    public static float sum(float[] x, int first, int count, int stride) {
        float total = 0f;
        for (int start = 0; start < count; start += Reduction.BLOCK) {
            float block = 0f;
            for (int i = start; i < Math.min(start + Reduction.BLOCK, count); i++) {
                block += x[first + i * stride];
            }
            total += block;
        }
        return total;
    }

    private static float max(float[] x, int first, int count, int stride) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            max = Math.max(max, x[first + i * stride]);
        }
        return max;
    }

    @Override
    public void gatherRows(Matrix table, @Nullable Matrix order, Matrix position, float scale, float shift, Matrix y) {
        boolean bytes = table.buffer().type() == ElementType.UINT8;
        float[] to = HeapBuffer.floats(y);
        int start = HeapBuffer.ints(position)[position.offset()];
        for (int i = 0; i < y.rows(); i++) {
            int row = order == null ? start + i : HeapBuffer.ints(order)[order.offset() + start + i];
            for (int j = 0; j < y.cols(); j++) {
                int at = table.offset() + row * table.cols() + j;
                float value = bytes ? HeapBuffer.bytes(table)[at] & 0xFF : HeapBuffer.floats(table)[at];
                to[y.offset() + i * y.cols() + j] = Math.fma(value, scale, shift);
            }
        }
    }
}
