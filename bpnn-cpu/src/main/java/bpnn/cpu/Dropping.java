package bpnn.cpu;

import static bpnn.spi.HeapBuffer.floats;

import bpnn.spi.DropoutSpec;
import bpnn.spi.Matrix;

/** Dropout, the rows or the elements shared among the threads. */
final class Dropping {
    private final WorkerPool pool;
    private final Masks masks;
    private final Elementwise elementwise;

    Dropping(WorkerPool pool, Masks masks, Elementwise elementwise) {
        this.pool = pool;
        this.masks = masks;
        this.elementwise = elementwise;
    }

    /** {@link bpnn.spi.Kernels#dropout} in step {@code step} of the training. */
    void apply(Matrix x, DropoutSpec spec, int step, Matrix mask, Matrix y) {
        pool.forRange(x.rows(), 1, WorkerPool.COSTLY / Math.max(1, x.cols()) + 1, (from, to) -> {
            for (int i = from; i < to; i++) {
                apply(x, spec, step, mask, y, i, 0, x.cols());
            }
        });
    }

    /** The same for columns {@code from .. to - 1} of row {@code i}. */
    void apply(Matrix x, DropoutSpec spec, int step, Matrix mask, Matrix y, int i, int from, int to) {
        int start = i * x.cols() + from;
        masks.draw(spec, step, spec.perBatch() ? from : start, floats(mask), mask.offset() + start, to - from);
        multiply(x, mask, y, start, to - from);
    }

    /** y = a · b; y may be a. */
    void multiply(Matrix a, Matrix b, Matrix y) {
        pool.forElements(a.size(), WorkerPool.CHEAP, (from, to) -> multiply(a, b, y, from, to - from));
    }

    private void multiply(Matrix a, Matrix b, Matrix y, int from, int count) {
        elementwise.multiply(
                floats(a), a.offset() + from, floats(b), b.offset() + from, floats(y), y.offset() + from, count);
    }
}
