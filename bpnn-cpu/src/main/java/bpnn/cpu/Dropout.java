package bpnn.cpu;

import static bpnn.spi.HeapBuffer.floats;

import bpnn.spi.DropoutSpec;
import bpnn.spi.Matrix;

/** Dropout, split among the threads by rows or elements. */
final class Dropout {
    private final WorkerPool pool;
    private final DropoutMasks masks;
    private final Elementwise elementwise;

    Dropout(WorkerPool pool, DropoutMasks masks, Elementwise elementwise) {
        this.pool = pool;
        this.masks = masks;
        this.elementwise = elementwise;
    }

    /** {@link bpnn.spi.Kernels#dropout} at training step {@code step}. */
    void apply(Matrix x, DropoutSpec spec, int step, Matrix mask, Matrix y) {
        pool.parallelFor(x.rows(), 1, WorkerPool.GRAIN_COSTLY / Math.max(1, x.cols()) + 1, (from, to) -> {
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
        pool.parallelForElements(a.size(), WorkerPool.GRAIN_CHEAP, (from, to) -> multiply(a, b, y, from, to - from));
    }

    private void multiply(Matrix a, Matrix b, Matrix y, int from, int count) {
        elementwise.multiply(
                floats(a), a.offset() + from, floats(b), b.offset() + from, floats(y), y.offset() + from, count);
    }
}
