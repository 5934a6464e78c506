package bpnn.cuda;

import bpnn.spi.Matrix;
import bpnn.spi.Scratch;
import jcuda.driver.CUfunction;

/** Batch normalisation of large batches, with separate kernels for the column sums that occupy every multiprocessor. */
final class LargeNormKernels {
    /** Rows and columns of a block: SUM_BLOCK and WARP in {@code kernels.cu}. */
    private static final int SUM_BLOCK = 64;

    private static final int COLUMNS = 32;
    /** Scratch slots. */
    private static final int SUMS = 0;

    private static final int PRODUCTS = 1;

    private final Launch launch;
    private final Scratch scratch;
    private final CUfunction sums;
    private final CUfunction squares;
    private final CUfunction apply;
    private final CUfunction gradientSums;
    private final CUfunction gradientApply;

    LargeNormKernels(Program program, Launch launch, Scratch scratch) {
        this.launch = launch;
        this.scratch = scratch;
        sums = program.kernel("batch_norm_sums");
        squares = program.kernel("batch_norm_squares");
        apply = program.kernel("batch_norm_apply");
        gradientSums = program.kernel("batch_norm_gradient_sums");
        gradientApply = program.kernel("batch_norm_gradient_apply");
    }

    private Matrix parts(int slot, Matrix x) {
        return scratch.matrix(slot, LayerKernels.blocks(x.rows(), SUM_BLOCK), x.cols());
    }

    private Launch over(CUfunction kernel, Matrix x) {
        int blocks =
                Math.multiplyExact(LayerKernels.blocks(x.rows(), SUM_BLOCK), LayerKernels.blocks(x.cols(), COLUMNS));
        return launch.of(kernel, blocks);
    }

    void forward(Operation.NormForward op) {
        Matrix x = op.x();
        Matrix sumParts = parts(SUMS, x);
        Matrix squareParts = parts(PRODUCTS, x);
        over(sums, x)
                .matrix(x)
                .integer(x.rows())
                .integer(x.cols())
                .matrix(sumParts)
                .run();
        over(squares, x)
                .matrix(x)
                .integer(x.rows())
                .integer(x.cols())
                .matrix(sumParts)
                .matrix(squareParts)
                .run();
        Launch begun = LayerKernels.normParameters(over(apply, x), op);
        LayerKernels.drop(begun, op.drop()).matrix(sumParts).matrix(squareParts).run();
    }

    void backward(Operation.NormBackward op) {
        Matrix x = op.x();
        if (x.cols() == 0) {
            return;
        }
        Matrix sumParts = parts(SUMS, x);
        Matrix productParts = parts(PRODUCTS, x);
        over(gradientSums, x)
                .matrix(x)
                .integer(x.rows())
                .integer(x.cols())
                .matrix(op.mean())
                .matrix(op.inverseStd())
                .integer(Codes.of(op.activation()))
                .matrix(op.y())
                .matrix(op.mask())
                .matrix(op.dy())
                .matrix(op.dx())
                .matrix(sumParts)
                .matrix(productParts)
                .run();
        over(gradientApply, x)
                .matrix(x)
                .integer(x.rows())
                .integer(x.cols())
                .matrix(op.gamma())
                .matrix(op.mean())
                .matrix(op.inverseStd())
                .matrix(op.dx())
                .matrix(sumParts)
                .matrix(productParts)
                .matrix(op.dgamma())
                .matrix(op.dbeta())
                .run();
    }
}
