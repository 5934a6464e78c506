package bpnn.nd4j;

import static bpnn.nd4j.Nd4jBuffer.array;
import static bpnn.nd4j.Nd4jBuffer.transpose;

import bpnn.spi.Axis;
import bpnn.spi.Backend;
import bpnn.spi.BinaryOp;
import bpnn.spi.Clock;
import bpnn.spi.DropoutSpec;
import bpnn.spi.Kernels;
import bpnn.spi.Matrix;
import bpnn.spi.Reduction;
import bpnn.spi.Scratch;
import bpnn.spi.UnaryOp;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.reduce.same.Sum;
import org.nd4j.linalg.api.ops.impl.transforms.pairwise.arithmetic.Axpy;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The primitives by ND4J, on views of the operands. {@link UnaryFunctions}, {@link Comparison} and {@link MaxReduction}
 * compose those whose ND4J function deviates from the definition.
 */
final class Nd4jKernels implements Kernels, AutoCloseable {
    private final LoopThreads threads;
    private final Scratch scratch;
    private final Scratch temporaries;
    private final UnaryFunctions functions;
    private final Comparison comparison = new Comparison();
    private final RowGather gathering;
    private final DropoutMasks masks = new DropoutMasks();

    Nd4jKernels(Backend backend, LoopThreads threads) {
        this.threads = threads;
        scratch = new Scratch(backend);
        temporaries = new Scratch(backend);
        functions = new UnaryFunctions(temporaries);
        gathering = new RowGather(backend);
    }

    @Override
    public Scratch scratch() {
        return scratch;
    }

    /** Frees the arrays kept between calls. */
    @Override
    public void close() {
        scratch.close();
        temporaries.close();
        comparison.close();
        gathering.close();
    }

    /** BLAS is column-major, so it sees the transposes: Cᵀ = α op(B)ᵀ op(A)ᵀ + β Cᵀ, without a copy. */
    @Override
    public void gemm(float alpha, Matrix a, boolean transA, Matrix b, boolean transB, float beta, Matrix c) {
        if (c.size() == 0) {
            return;
        }
        if (a.size() == 0) {
            scale(beta, c);
            return;
        }
        Nd4j.gemm(transpose(b), transpose(a), transpose(c), transB, transA, alpha, beta);
    }

    private void scale(float beta, Matrix c) {
        if (beta == 0) {
            fill(c, 0);
        } else {
            threads.share(c.size(), LoopThreads.CHEAP);
            array(c).muli(beta);
        }
    }

    @Override
    public void fill(Matrix y, float value) {
        if (y.size() != 0) {
            threads.share(y.size(), LoopThreads.CHEAP);
            array(y).assign(value);
        }
    }

    @Override
    public void map(UnaryOp op, Matrix x, Matrix y) {
        if (x.size() != 0) {
            threads.share(x.size(), op == UnaryOp.COPY ? LoopThreads.CHEAP : LoopThreads.COSTLY);
            functions.apply(op, x, y);
        }
    }

    @Override
    public void zip(BinaryOp op, Matrix a, Matrix b, Matrix y) {
        if (a.size() == 0) {
            return;
        }
        threads.share(a.size(), LoopThreads.CHEAP);
        switch (op) {
            case ADD -> array(a).addi(array(b), array(y));
            case SUBTRACT -> array(a).subi(array(b), array(y));
            case MULTIPLY -> array(a).muli(array(b), array(y));
            case DIVIDE -> array(a).divi(array(b), array(y));
            case GREATER, EQUAL -> comparison.apply(op, array(a), array(b), array(y));
        }
    }

    @Override
    public void axpby(float alpha, Matrix x, float beta, Matrix y) {
        if (x.size() == 0) {
            return;
        }
        threads.share(x.size(), LoopThreads.CHEAP);
        INDArray from = array(x);
        INDArray to = array(y);
        if (beta == 0) {
            from.muli(alpha, to);
            return;
        }
        // β y overwrites y, which x may alias.
        INDArray kept =
                x.equals(y) ? array(temporaries.matrix(0, x.rows(), x.cols())).assign(from) : from;
        to.muli(beta);
        Nd4j.getExecutioner().exec(new Axpy(kept, to, to, alpha));
    }

    @Override
    public void reduce(Reduction op, Axis axis, Matrix x, Matrix y) {
        if (y.size() == 0) {
            return;
        }
        if (x.size() == 0) {
            fill(y, op == Reduction.SUM ? 0 : Float.NEGATIVE_INFINITY);
            return;
        }
        threads.share(x.size(), LoopThreads.CHEAP);
        int dimension = axis == Axis.ROWS ? 0 : 1;
        switch (op) {
            case SUM -> Nd4j.getExecutioner().exec(new Sum(array(x), array(y), true, dimension));
            case MAX -> MaxReduction.along(dimension, array(x), y);
        }
    }

    @Override
    public void gatherRows(Matrix table, @Nullable Matrix order, Matrix position, float scale, float shift, Matrix y) {
        if (y.size() != 0) {
            threads.share(y.size(), LoopThreads.CHEAP);
            gathering.rows(table, order, position, y);
            INDArray rows = array(y);
            if (scale != 1) {
                rows.muli(scale);
            }
            if (shift != 0) {
                rows.addi(shift);
            }
        }
    }

    /** The mask is generated with Philox on the host. */
    @Override
    public void dropout(Matrix x, DropoutSpec spec, Matrix clock, Matrix mask, Matrix y) {
        if (x.size() != 0) {
            int[] step = new int[1];
            clock.buffer().download(clock.offset() + Clock.TOTAL, step, 0, 1);
            masks.draw(spec, step[0], mask);
            zip(BinaryOp.MULTIPLY, x, mask, y);
        }
    }
}
