package bpnn.tck;

import bpnn.spi.Axis;
import bpnn.spi.Backend;
import bpnn.spi.BinaryOp;
import bpnn.spi.HeapBuffer;
import bpnn.spi.Kernels;
import bpnn.spi.Matrix;
import bpnn.spi.Reduction;
import bpnn.spi.Reference;
import bpnn.spi.UnaryOp;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Faults injected into primitives of the reference. */
@SuppressWarnings("ImmutableEnumChecker") // the functions hold nothing
enum PrimitiveFault implements Function<Backend, Kernels> {
    TF32(b -> new Rounded(b, 10)),
    BF16(b -> new Rounded(b, 7)),
    GEMM_READS_C_WITH_BETA_ZERO(b -> new Reference(b) {
        @Override
        public void gemm(float alpha, Matrix a, boolean transA, Matrix c, boolean transB, float beta, Matrix y) {
            Matrix old = copy(y);
            super.gemm(alpha, a, transA, c, transB, beta, y);
            if (beta == 0) {
                super.zip(BinaryOp.MULTIPLY, old, zero(), old);
                super.zip(BinaryOp.ADD, y, old, y);
            }
        }

        private Matrix copy(Matrix y) {
            Matrix old = scratch().matrix(SPARE, y.rows(), y.cols());
            super.map(UnaryOp.COPY, y, old);
            return old;
        }

        private Matrix zero() {
            Matrix zero = scratch().matrix(SPARE + 1, 1, 1);
            super.fill(zero, 0);
            return zero;
        }
    }),
    AXPBY_READS_Y_WITH_BETA_ZERO(b -> new Reference(b) {
        @Override
        public void axpby(float alpha, Matrix x, float beta, Matrix y) {
            for (int i = 0; i < x.size(); i++) {
                int at = y.offset() + i;
                float old = beta * HeapBuffer.floats(y)[at];
                HeapBuffer.floats(y)[at] = Math.fma(alpha, HeapBuffer.floats(x)[x.offset() + i], old);
            }
        }
    }),
    LAST_COLUMNS_DROPPED(b -> new Reference(b) {
        @Override
        public void gemm(float alpha, Matrix a, boolean transA, Matrix c, boolean transB, float beta, Matrix y) {
            float[] before = HeapBuffer.floats(y).clone();
            super.gemm(alpha, a, transA, c, transB, beta, y);
            for (int i = 0; i < y.size(); i++) {
                if (y.cols() > 8 && i % y.cols() >= y.cols() / 8 * 8) {
                    HeapBuffer.floats(y)[y.offset() + i] = before[y.offset() + i];
                }
            }
        }
    }),
    LAST_ELEMENTS_DROPPED(b -> new Reference(b) {
        @Override
        public void map(UnaryOp op, Matrix x, Matrix y) {
            int whole = op == UnaryOp.TANH && x.size() > 16 ? x.size() / 16 * 16 : x.size();
            super.map(op, x.as(1, whole), y.as(1, whole));
        }
    }),
    LAST_TERMS_DROPPED(b -> new Reference(b) {
        @Override
        public void reduce(Reduction op, Axis axis, Matrix x, Matrix y) {
            boolean drops = axis == Axis.ROWS && op == Reduction.MAX && x.rows() > 8;
            super.reduce(op, axis, drops ? x.as(x.rows() / 8 * 8, x.cols()) : x, y);
        }
    }),
    GATHERS_ONE_ROW_TOO_EARLY(b -> new Reference(b) {
        @Override
        public void gatherRows(
                Matrix table, @Nullable Matrix order, Matrix position, float scale, float shift, Matrix y) {
            HeapBuffer.ints(position)[position.offset()]--;
            super.gatherRows(table, order, position, scale, shift, y);
            HeapBuffer.ints(position)[position.offset()]++;
        }
    }),
    BROADCASTS_THE_ROW_ABOVE(b -> new Reference(b) {
        @Override
        public void zip(BinaryOp op, Matrix a, Matrix c, Matrix y) {
            super.zip(op, a, c, y);
            if (op == BinaryOp.ADD && c.cols() == 1 && c.rows() > 1 && a.cols() > 1) {
                Matrix shifted = scratch().matrix(SPARE, c.rows(), 1);
                float[] column = HeapBuffer.floats(c);
                System.arraycopy(column, c.offset(), HeapBuffer.floats(shifted), 1, c.rows() - 1);
                super.zip(op, a, shifted, y);
            }
        }
    }),
    WRITES_ITS_PRODUCT_ONE_ROW_TOO_LOW(b -> new Reference(b) {
        @Override
        public void gemm(float alpha, Matrix a, boolean transA, Matrix c, boolean transB, float beta, Matrix y) {
            super.gemm(alpha, a, transA, c, transB, beta, y);
            float[] values = HeapBuffer.floats(y);
            int rest = Math.max(0, y.size() - y.cols());
            System.arraycopy(values, y.offset(), values, y.offset() + y.size() - rest, rest);
        }
    }),
    SUMS_IN_ANOTHER_ORDER_EACH_TIME(AlternatingSums::new),
    SPLITS_PRODUCTS_ANEW_EACH_TIME(AlternatingGemm::new),
    WRITES_PAST_THE_END(b -> new Reference(b) {
        @Override
        public void fill(Matrix y, float value) {
            boolean room = y.offset() + y.size() < y.buffer().length();
            super.fill(y.as(1, y.size() + (room ? 1 : 0)), value);
        }
    }),
    WRITES_IN_FRONT(b -> new Reference(b) {
        @Override
        public void zip(BinaryOp op, Matrix a, Matrix c, Matrix y) {
            super.zip(op, a, c, y);
            if (op == BinaryOp.DIVIDE && y.offset() > 0) {
                HeapBuffer.floats(y)[y.offset() - 1] = 0;
            }
        }
    }),
    READS_PAST_THE_END(b -> new Reference(b) {
        @Override
        public void reduce(Reduction op, Axis axis, Matrix x, Matrix y) {
            boolean reads = op == Reduction.SUM && axis == Axis.ROWS && x.cols() == 1;
            super.reduce(op, axis, reads ? x.as(x.rows() + 1, 1) : x, y);
            if (reads && !Float.isNaN(HeapBuffer.floats(y)[y.offset()])) {
                super.reduce(op, axis, x, y);
            }
        }
    }),
    CHANGES_ITS_INPUT(b -> new Reference(b) {
        @Override
        public void map(UnaryOp op, Matrix x, Matrix y) {
            super.map(op, x, y);
            if (op == UnaryOp.EXP && x.size() > 0 && !x.buffer().equals(y.buffer())) {
                HeapBuffer.floats(x)[x.offset()] = 0;
            }
        }
    }),
    FLUSHES_SUBNORMALS(b -> new Reference(b) {
        @Override
        public void zip(BinaryOp op, Matrix a, Matrix c, Matrix y) {
            super.zip(op, a, c, y);
            for (int i = 0; i < y.size(); i++) {
                int at = y.offset() + i;
                boolean subnormal = Math.abs(HeapBuffer.floats(y)[at]) < Float.MIN_NORMAL;
                HeapBuffer.floats(y)[at] *= subnormal ? 0 : 1;
            }
        }
    }),
    SKIPS_ZEROS(b -> new Reference(b) {
        @Override
        public void gemm(float alpha, Matrix a, boolean transA, Matrix c, boolean transB, float beta, Matrix y) {
            super.gemm(alpha, a, transA, c, transB, beta, y);
            for (int i = 0; i < y.size() && !transA && !transB && beta == 0; i++) {
                float sum = 0;
                for (int k = 0; k < a.cols(); k++) {
                    float left = HeapBuffer.floats(a)[a.offset() + i / y.cols() * a.cols() + k];
                    float right = HeapBuffer.floats(c)[c.offset() + k * c.cols() + i % y.cols()];
                    sum = left == 0 ? sum : Math.fma(left, right, sum);
                }
                HeapBuffer.floats(y)[y.offset() + i] = alpha * sum;
            }
        }
    }),
    RELU_DROPS_NAN(b -> new Reference(b) {
        @Override
        public void map(UnaryOp op, Matrix x, Matrix y) {
            super.map(op, x, y);
            for (int i = 0; i < y.size() && op == UnaryOp.RELU; i++) {
                int at = y.offset() + i;
                HeapBuffer.floats(y)[at] = Float.isNaN(HeapBuffer.floats(y)[at]) ? 0 : HeapBuffer.floats(y)[at];
            }
        }
    }),
    TANH_OF_MINUS_ZERO_IS_PLUS_ZERO(b -> new Reference(b) {
        @Override
        public void map(UnaryOp op, Matrix x, Matrix y) {
            super.map(op, x, y);
            for (int i = 0; i < y.size() && op == UnaryOp.TANH; i++) {
                HeapBuffer.floats(y)[y.offset() + i] += 0f;
            }
        }
    }),
    COARSE_EXP(b -> new Reference(b) {
        @Override
        public void map(UnaryOp op, Matrix x, Matrix y) {
            super.map(op, x, y);
            for (int i = 0; i < y.size() && op == UnaryOp.EXP; i++) {
                HeapBuffer.floats(y)[y.offset() + i] *= 1 + 0x1p-20f;
            }
        }
    }),
    DESTROYS_AN_ALIASED_OPERAND(b -> new Reference(b) {
        @Override
        public void zip(BinaryOp op, Matrix a, Matrix c, Matrix y) {
            if (op == BinaryOp.SUBTRACT) {
                super.fill(y, 0);
            }
            super.zip(op, a, c, y);
        }
    });

    /** A scratch slot not used by composed kernels. */
    static final int SPARE = 8;

    private final Function<Backend, Kernels> kernels;

    PrimitiveFault(Function<Backend, Kernels> kernels) {
        this.kernels = kernels;
    }

    @Override
    public Kernels apply(Backend backend) {
        return kernels.apply(backend);
    }

    /** GEMM of inputs rounded to fewer bits. */
    private static final class Rounded extends Reference {
        private final int dropped;

        Rounded(Backend backend, int bits) {
            super(backend);
            this.dropped = 23 - bits;
        }

        @Override
        public void gemm(float alpha, Matrix a, boolean transA, Matrix b, boolean transB, float beta, Matrix c) {
            super.gemm(alpha, rounded(a, SPARE), transA, rounded(b, SPARE + 1), transB, beta, c);
        }

        private Matrix rounded(Matrix x, int slot) {
            Matrix result = scratch().matrix(slot, x.rows(), x.cols());
            for (int i = 0; i < x.size(); i++) {
                int bits = Float.floatToIntBits(HeapBuffer.floats(x)[x.offset() + i]);
                HeapBuffer.floats(result)[i] = Float.intBitsToFloat(bits + (1 << (dropped - 1)) & -1 << dropped);
            }
            return result;
        }
    }

    /** Alternates the order of summation, like unsynchronised threads. */
    private static final class AlternatingSums extends Reference {
        private boolean backwards;

        AlternatingSums(Backend backend) {
            super(backend);
        }

        @Override
        public void reduce(Reduction op, Axis axis, Matrix x, Matrix y) {
            backwards = !backwards;
            if (op == Reduction.MAX || axis == Axis.ROWS || !backwards) {
                super.reduce(op, axis, x, y);
                return;
            }
            Matrix reversed = scratch().matrix(SPARE, x.rows(), x.cols());
            float[] values = Arrays.copyOfRange(HeapBuffer.floats(x), x.offset(), x.offset() + x.size());
            for (int i = 0; i < x.size(); i++) {
                HeapBuffer.floats(reversed)[i] = values[i / x.cols() * x.cols() + x.cols() - 1 - i % x.cols()];
            }
            super.reduce(op, axis, reversed, y);
        }
    }

    /**
     * Alternates the order in which partial sums of a product are added, like unsynchronised threads.
     */
    private static final class AlternatingGemm extends Reference {
        private boolean second;

        AlternatingGemm(Backend backend) {
            super(backend);
        }

        @Override
        public void gemm(float alpha, Matrix a, boolean transA, Matrix b, boolean transB, float beta, Matrix c) {
            second = !second;
            int k = transA ? a.rows() : a.cols();
            if (!transA || transB || !second || k < 2) {
                super.gemm(alpha, a, transA, b, transB, beta, c);
                return;
            }
            int half = k / 2;
            super.gemm(alpha, rows(a, half, k), true, rows(b, half, k), false, beta, c);
            super.gemm(alpha, rows(a, 0, half), true, rows(b, 0, half), false, 1, c);
        }

        private static Matrix rows(Matrix x, int from, int to) {
            return new Matrix(x.buffer(), x.offset() + from * x.cols(), to - from, x.cols());
        }
    }
}
