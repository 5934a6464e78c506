package bpnn.cpu;

import static bpnn.spi.HeapBuffer.floats;

import bpnn.spi.DropoutSpec;
import bpnn.spi.Matrix;

/** Dropout, the elements shared among the threads. */
final class Dropping {
    /** Elements that stay in the first-level cache from one loop to the next. */
    private static final int CHUNK = 1 << 11;

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
        if (spec.perBatch()) {
            masks.draw(spec, step, 0, floats(mask), mask.offset(), Math.min(x.cols(), x.size()));
            for (int i = 1; i < x.rows(); i++) {
                System.arraycopy(floats(mask), mask.offset(), floats(mask), mask.offset() + i * x.cols(), x.cols());
            }
            multiply(x, mask, y);
        } else {
            pool.forElements(x.size(), WorkerPool.COSTLY, (from, to) -> {
                for (int i = from; i < to; i += CHUNK) {
                    int count = Math.min(CHUNK, to - i);
                    masks.draw(spec, step, i, floats(mask), mask.offset() + i, count);
                    multiply(x, mask, y, i, count);
                }
            });
        }
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
