package bpnn.cpu;

import static bpnn.spi.HeapBuffer.floats;

import bpnn.spi.Activation;
import bpnn.spi.Matrix;
import org.jspecify.annotations.Nullable;

/** The backward pass through dropout and activation, split among the threads by columns. */
final class ActivationBackward {
    private final ColumnSums columnSums;
    private final Elementwise elementwise;
    private final RowLoops loops;

    ActivationBackward(ColumnSums columnSums, Elementwise elementwise, RowLoops loops) {
        this.columnSums = columnSums;
        this.elementwise = elementwise;
        this.loops = loops;
    }

    /**
     * dz = (dy · mask) · activation', in terms of the output y, and dbias = Σ over the batch of dz. {@code mask} and
     * {@code dbias} may be null; {@code dz} may be {@code dy}.
     */
    void apply(Activation activation, Matrix y, @Nullable Matrix mask, Matrix dy, Matrix dz, @Nullable Matrix dbias) {
        columnSums.forColumns(y, (from, to) -> {
            if (dbias == null) {
                for (int i = 0; i < y.rows(); i++) {
                    apply(activation, y, mask, dy, dz, i, from, to);
                }
                return;
            }
            float[] totals = columnSums.sumBlocks(y.rows(), from, to, (row0, row1) -> {
                for (int i = row0; i < row1; i++) {
                    apply(activation, y, mask, dy, dz, i, from, to);
                }
                loops.addSums(dz, row0, row1, columnSums.sums(), from, to);
            });
            System.arraycopy(totals, from, floats(dbias), dbias.offset() + from, to - from);
        });
    }

    /** The same for columns {@code from .. to - 1} of row {@code i}, without the sum. */
    void apply(Activation activation, Matrix y, @Nullable Matrix mask, Matrix dy, Matrix dz, int i, int from, int to) {
        int at = i * y.cols() + from;
        int count = to - from;
        Matrix source = dy;
        if (mask != null) {
            elementwise.multiply(
                    floats(dy),
                    dy.offset() + at,
                    floats(mask),
                    mask.offset() + at,
                    floats(dz),
                    dz.offset() + at,
                    count);
            source = dz;
        }
        elementwise.activationBackward(
                activation,
                floats(y),
                y.offset() + at,
                floats(source),
                source.offset() + at,
                floats(dz),
                dz.offset() + at,
                count);
    }
}
