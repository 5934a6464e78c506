package bpnn.cpu;

import bpnn.spi.ElementType;
import bpnn.spi.HeapBuffer;
import bpnn.spi.Matrix;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Finds the fastest {@link GemmCandidate} for each class of products, by measuring all of them in turns. What is fastest
 * depends on the caches and on how the JIT compiler allots registers, which differs from one JDK to the next. The choice
 * changes no bit of a result.
 */
final class GemmTuner {
    /** Rows of a batch: where a dimension is small, and elsewhere. */
    private static final int SMALL_BATCH = 32;

    private static final int BATCH = 128;
    private static final int UNITS = 512;

    /** The JIT compiler has compiled the loops by then: for the first products of a kind … */
    private static final long WARM_UP_NANOS = 80_000_000;
    /** … and for the later ones. */
    private static final long SHORT_WARM_UP_NANOS = 10_000_000;

    private static final int ROUNDS = 20;

    /** Another candidate must be faster than that of the plan by this factor: less is noise. */
    private static final double GAIN = 0.97;

    private final WorkerPool pool;
    private final List<GemmCandidate> candidates;

    GemmTuner(WorkerPool pool, List<GemmCandidate> candidates) {
        this.pool = pool;
        this.candidates = candidates;
    }

    /** The best plan; a candidate of {@code plan} stays unless another one is clearly faster. */
    GemmPlan improve(GemmPlan plan) {
        List<GemmCandidate> best = new ArrayList<>(plan.byClass());
        for (int batch : new int[] {BATCH, SMALL_BATCH}) {
            best.set(GemmPlan.classOf(false, false, batch, UNITS, UNITS), fastest(plan, false, false, batch, UNITS));
            best.set(GemmPlan.classOf(true, false, UNITS, UNITS, batch), fastest(plan, true, false, UNITS, batch));
            GemmCandidate backward = fastest(plan, false, true, batch, UNITS);
            best.set(GemmPlan.classOf(false, true, batch, UNITS, UNITS), backward);
            // No training step multiplies two transposed operands.
            best.set(GemmPlan.classOf(true, true, batch, UNITS, UNITS), backward);
        }
        return new GemmPlan(List.copyOf(best));
    }

    private GemmCandidate fastest(GemmPlan plan, boolean transA, boolean transB, int m, int k) {
        Matrix a = transA ? pattern(k, m) : pattern(m, k);
        Matrix b = transB ? pattern(UNITS, k) : pattern(k, UNITS);
        Matrix c = pattern(m, UNITS);
        GemmCandidate planned = plan.byClass().get(GemmPlan.classOf(transA, transB, m, UNITS, k));
        List<GemmMethod> methods = candidates.stream()
                .map(candidate -> candidate.create().apply(pool))
                .toList();
        boolean small = Math.min(m, k) < GemmPlan.SMALL;
        long[] times = new long[methods.size()];
        for (int i = 0; i < times.length; i++) {
            long start = System.nanoTime();
            while (System.nanoTime() - start < (small ? SHORT_WARM_UP_NANOS : WARM_UP_NANOS)) {
                methods.get(i).multiply(1, a, transA, b, transB, 0, c, Epilogue.NONE);
            }
            times[i] = Long.MAX_VALUE;
        }
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < times.length; i++) {
                long start = System.nanoTime();
                methods.get(i).multiply(1, a, transA, b, transB, 0, c, Epilogue.NONE);
                times[i] = Math.min(times[i], System.nanoTime() - start);
            }
        }
        return choose(candidates, times, planned);
    }

    /** The candidate with the shortest time, or the one that was planned unless it is clearly slower. */
    static GemmCandidate choose(List<GemmCandidate> candidates, long[] times, GemmCandidate planned) {
        int best = candidates.indexOf(planned);
        double limit = times[best] * GAIN;
        for (int i = 0; i < times.length; i++) {
            if (times[i] < limit) {
                limit = times[i];
                best = i;
            }
        }
        return candidates.get(best);
    }

    private static Matrix pattern(int rows, int cols) {
        Matrix matrix = new Matrix(
                new HeapBuffer(ElementType.FLOAT32, AlignedArrays.PADDING + rows * cols, new AtomicInteger()),
                AlignedArrays.PADDING,
                rows,
                cols);
        float[] values = HeapBuffer.floats(matrix);
        for (int i = 0; i < values.length; i++) {
            values[i] = (i * 31 % 17 - 8) / 64f;
        }
        return matrix;
    }
}
