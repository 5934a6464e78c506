package bpnn.cpu;

import static bpnn.spi.HeapBuffer.floats;
import static org.assertj.core.api.Assertions.assertThat;

import bpnn.spi.Matrix;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What no bit of a product shows, only its speed: which operand is turned, who computes what, and what is copied. The
 * kernels take three rows at a time, and strips of eight columns.
 */
class GemmPlanTest {
    /** A product, and the calls of the kernels that it was made of. */
    private record Plan(Matrix a, Matrix b, Matrix c, List<RecordingTiles.Call> calls) {
        boolean inPlace() {
            return calls.stream().allMatch(call -> call.c() == floats(c));
        }
    }

    private static Plan plan(int threads, boolean needsRows, int m, int n, int k, int order, float beta) {
        boolean transA = (order & 1) != 0;
        boolean transB = (order & 2) != 0;
        Matrix a = transA ? Guarded.zeros(k, m) : Guarded.zeros(m, k);
        Matrix b = transB ? Guarded.zeros(n, k) : Guarded.zeros(k, n);
        Matrix c = Guarded.zeros(m, n);
        RecordingTiles tiles = new RecordingTiles(needsRows);
        try (WorkerPool pool = new WorkerPool(threads)) {
            new Gemm(pool, tiles::another).multiply(1, a, transA, b, transB, beta, c, Epilogue.NONE);
        }
        return new Plan(a, b, c, tiles.calls());
    }

    private static Plan plan(int threads, int m, int n, int k) {
        return plan(threads, false, m, n, k, 0, 0);
    }

    /** Elements to be moved: of B, or else of A, unless it is stored that way, and of C. */
    @ParameterizedTest
    @CsvSource({
        "A B, 2, 50, 50, A",
        "At B, 2, 50, 50, A",
        "A Bt, 2, 50, 50, B",
        "A Bt, 50, 50, 50, A",
        "A Bt, 20, 30, 40, A",
        "At Bt, 9, 10, 10, B",
        "At Bt, 10, 10, 10, A"
    })
    void theCheaperOperandIsTurned(String product, int m, int n, int k, String left) {
        int order = (product.contains("At") ? 1 : 0) + (product.contains("Bt") ? 2 : 0);
        Plan plan = plan(1, false, m, n, k, order, 0);
        assertThat(plan.calls())
                .isNotEmpty()
                .allMatch(call -> call.left().values() == floats(left.equals("A") ? plan.a() : plan.b()));
    }

    @Test
    void theLeftOperandIsPutInRowsOnlyForThoseWhoNeedIt() {
        for (int order = 0; order < 4; order++) {
            boolean transA = (order & 1) != 0;
            assertThat(plan(1, true, 5, 6, 7, order, 0).calls())
                    .noneMatch(call -> call.left().depthMajor());
            assertThat(plan(1, false, 50, 6, 7, order, 0).calls())
                    .allMatch(call -> call.left().depthMajor() == transA);
        }
    }

    @ParameterizedTest
    @CsvSource({
        // The rows, or the columns, whichever gives the smaller largest share …
        "120, 64, rows, 42",
        "63, 65, rows, 21",
        "64, 120, columns, 40",
        "100, 96, columns, 32",
        // … and when both are the same, the longer side, or the columns of a square.
        "144, 72, rows, 48",
        "72, 72, columns, 24",
        "72, 144, columns, 48"
    })
    void threadsGetSharesAsEqualAsCanBe(int m, int n, String side, int largest) {
        Plan plan = plan(3, m, n, 200);
        boolean byRows = side.equals("rows");
        assertThat(plan.calls()).allMatch(call -> byRows == call.rows() < m);
        assertThat(plan.calls().stream()
                        .collect(Collectors.groupingBy(
                                RecordingTiles.Call::thread,
                                Collectors.summingInt(call -> byRows ? call.rows() : call.columns())))
                        .values())
                .hasSize(3)
                .as("rows or columns of each thread, every row once for each of %d strips", (n + 7) / 8)
                .contains(byRows ? largest * ((n + 7) / 8) : largest)
                .allMatch(share -> share <= (byRows ? largest * ((n + 7) / 8) : largest));
    }

    @ParameterizedTest
    @CsvSource({"64, 64, 127, 1", "64, 64, 128, 2", "64, 1024, 12, 3"})
    void littleWorkIsNotShared(int m, int n, int k, int threads) {
        assertThat(plan(3, m, n, k).calls().stream()
                        .map(RecordingTiles.Call::thread)
                        .distinct())
                .hasSize(threads);
    }

    @ParameterizedTest
    @CsvSource({
        "1, true, 96, 96, true",
        "1, true, 95, 96, false",
        "1, true, 96, 95, false",
        "1, false, 600, 1024, false",
        // Of 186 rows, each thread has 93.
        "2, true, 186, 200, false"
    })
    void aStripIsCopiedWhereEnoughRowsUseTheCopy(int threads, boolean needsRows, int m, int k, boolean packed) {
        Plan plan = plan(threads, needsRows, m, 24, k, 0, 0);
        assertThat(plan.calls().stream().map(RecordingTiles.Call::thread).distinct())
                .hasSize(threads);
        assertThat(plan.calls())
                .extracting(call -> call.right() != floats(plan.b()))
                .containsOnly(packed);
    }

    @Test
    void aStripThatHasToBePaddedIsCopied() {
        Plan plan = plan(1, 5, 10, 7);
        assertThat(plan.calls()).extracting(RecordingTiles.Call::columns).containsExactly(8, 4);
        assertThat(plan.calls())
                .extracting(call -> call.right() == floats(plan.b()))
                .containsExactly(true, false);
    }

    @Test
    void sumsAreMadeWhereTheyBelongUnlessTheyHaveToBeRearranged() {
        assertThat(plan(1, 5, 16, 7).inPlace()).isTrue();
        assertThat(plan(1, false, 5, 16, 7, 0, 1).inPlace()).isFalse();
        assertThat(plan(1, 5, 7, 7).inPlace()).isFalse();
        assertThat(plan(1, false, 2, 16, 50, 2, 0).inPlace()).as("transposed").isFalse();
    }

    @ParameterizedTest
    @CsvSource({"600, '0-256 256-512 512-600'", "512, '0-256 256-512'", "8, '0-8'", "260, '0-256 256-260'"})
    void theEpilogueGetsLongBlocks(int n, String blocks) {
        List<String> seen = new ArrayList<>();
        try (WorkerPool pool = new WorkerPool(1)) {
            new Gemm(pool, new RecordingTiles(false)::another)
                    .multiply(
                            1,
                            Guarded.zeros(2, 1),
                            false,
                            Guarded.zeros(1, n),
                            false,
                            0,
                            Guarded.zeros(2, n),
                            (row0, row1, column0, column1) -> seen.add(column0 + "-" + column1));
        }
        assertThat(String.join(" ", seen)).isEqualTo(blocks);
    }
}
