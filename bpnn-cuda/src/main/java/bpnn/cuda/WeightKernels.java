package bpnn.cuda;

import bpnn.spi.Composed;
import bpnn.spi.Matrix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import jcuda.driver.CUfunction;
import org.jspecify.annotations.Nullable;

/** Launches the kernel that computes the weight gradients of several layers, fused with the optimiser. */
final class WeightKernels {
    /** MAX_TASKS and MAX_SPANS in {@code kernels.cu}, and the sizes of their structs. */
    static final int MAX_TASKS = 8;

    private static final int MAX_SPANS = 18;
    private static final int TASK_BYTES = 48;
    private static final int SPAN_BYTES = 12;
    private static final int UPDATE_BYTES = 64;
    /** Elements per thread in a span. */
    private static final int QUAD = 4;

    private final Launch launch;
    private final Tile.Choice tiles;
    private final PartialTiles partials;
    private final Map<Tile, CUfunction> kernels = new HashMap<>();

    WeightKernels(Program program, Launch launch, Tile.Choice tiles, PartialTiles partials) {
        this.launch = launch;
        this.tiles = tiles;
        this.partials = partials;
        for (Tile tile : tiles.allWeights()) {
            kernels.put(tile, tile.kernel(program, "weight_gradients", tile.sharedBytes(false, false)));
        }
    }

    /**
     * dW = xᵀ dz; and db, the sum of dz over the batch, unless it is null.
     *
     * @param x [batch, in]
     * @param dz [batch, out]
     */
    record Task(Matrix x, Matrix dz, Matrix dw, @Nullable Matrix dbias) {
        /** The weight gradient without the bias. */
        static Task of(Operation.DenseBackward op) {
            return new Task(op.x(), op.dz(), Objects.requireNonNull(op.dw()), null);
        }
    }

    /** Parameters {@code begin} to {@code end} - 1 of the block, whose gradients are already computed. */
    record Span(int begin, int end) {}

    /** Whether everything fits into one launch. */
    static boolean fits(int tasks, int spans) {
        return tasks <= MAX_TASKS && spans <= MAX_SPANS;
    }

    /**
     * Computes gradients, updates their parameters and those of the spans, and advances the clock. Tasks with different
     * tiles are launched separately, spans and clock with the last ones.
     */
    void launch(
            List<Task> tasks,
            List<Span> spans,
            Operation.@Nullable Update update,
            Operation.@Nullable Advance advance) {
        Map<Tile, List<Task>> byTile = new LinkedHashMap<>();
        for (Task task : tasks) {
            byTile.computeIfAbsent(tiles.forWeights(task.x().rows(), task.dw().cols()), tile -> new ArrayList<>())
                    .add(task);
        }
        if (byTile.isEmpty()) {
            byTile.put(tiles.narrowWeights(), List.of());
        }
        int left = byTile.size();
        for (Map.Entry<Tile, List<Task>> entry : byTile.entrySet()) {
            boolean last = --left == 0;
            launch(entry.getKey(), entry.getValue(), last ? spans : List.of(), update, last ? advance : null);
        }
    }

    private void launch(
            Tile tile,
            List<Task> tasks,
            List<Span> spans,
            Operation.@Nullable Update update,
            Operation.@Nullable Advance advance) {
        int batch = tasks.isEmpty() ? 0 : tasks.get(0).x().rows();
        int count = tasks.stream().mapToInt(task -> blocks(tile, task.dw())).sum();
        int parts = partials.parts(tile, count, batch);
        int[] ends = new int[2 * tasks.size() + spans.size()];
        int blocks = 0;
        int next = 0;
        for (Task task : tasks) {
            Matrix dw = task.dw();
            blocks += parts * blocks(tile, dw);
            ends[next++] = blocks;
            blocks += task.dbias() == null ? 0 : LayerKernels.blocks(dw.cols(), LayerKernels.COLUMNS);
            ends[next++] = blocks;
        }
        for (Span span : spans) {
            blocks += LayerKernels.blocks(span.end() - span.begin(), QUAD * tile.threads());
            ends[next++] = blocks;
        }
        blocks += advance == null ? 0 : 1;
        if (blocks == 0) {
            return;
        }
        Launch begun = launch.of(
                        Objects.requireNonNull(kernels.get(tile)),
                        blocks,
                        tile.threads(),
                        tile.sharedBytes(false, false))
                .structure();
        next = 0;
        for (Task task : tasks) {
            begun.matrix(task.x())
                    .matrix(task.dz())
                    .matrix(task.dw())
                    .matrix(task.dbias())
                    .integer(task.dw().rows())
                    .integer(task.dw().cols())
                    .integer(ends[next++])
                    .integer(ends[next++]);
        }
        begun.skip((MAX_TASKS - tasks.size()) * TASK_BYTES);
        for (Span span : spans) {
            begun.integer(span.begin()).integer(span.end()).integer(ends[next++]);
        }
        begun.skip((MAX_SPANS - spans.size()) * SPAN_BYTES)
                .integer(tasks.size())
                .integer(spans.size())
                .integer(batch)
                .integer(advance == null ? 0 : advance.batch())
                .matrix(advance == null ? null : advance.clock())
                .integer(parts)
                .integer(rowsOfPart(tile, batch, parts))
                .pointer(partials.tiles())
                .pointer(partials.finished())
                .end();
        update(begun, update).run();
    }

    private static int blocks(Tile tile, Matrix dw) {
        return dw.size() == 0 ? 0 : tile.blocks(dw.rows(), dw.cols());
    }

    /** Whole panels, as even as these allow; the last part is the rest. */
    private static int rowsOfPart(Tile tile, int batch, int parts) {
        return LayerKernels.blocks(batch, tile.depth()) / parts * tile.depth();
    }

    /** The struct Update of {@code kernels.cu}; null for no optimiser. */
    static Launch update(Launch begun, Operation.@Nullable Update op) {
        if (op == null) {
            return begun.structure().skip(UPDATE_BYTES).end();
        }
        return begun.structure()
                .matrix(op.w())
                .matrix(op.g())
                .matrix(op.first())
                .matrix(op.second())
                .matrix(op.rates())
                .real(op.a())
                .real(Composed.oneMinus(op.a()))
                .real(op.b())
                .real(Composed.oneMinus(op.b()))
                .integer(Codes.of(op.optimiser()))
                .end();
    }
}
