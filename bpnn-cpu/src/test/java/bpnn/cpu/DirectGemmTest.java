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

/** How a GEMM is split, packed and transposed, which its bits do not show. The micro-kernel has MR = 3 and NR = 8. */
class DirectGemmTest {
    /** A GEMM and the micro-kernel calls it was made of. */
    private record Plan(Matrix a, Matrix b, Matrix c, List<RecordingMicroKernel.Call> calls) {
        boolean inPlace() {
            return calls.stream().allMatch(call -> call.c() == floats(c));
        }
    }

    private static Plan plan(int threads, int m, int n, int k, int order, float beta) {
        boolean transA = (order & 1) != 0;
        boolean transB = (order & 2) != 0;
        Matrix a = transA ? GuardedMatrix.zeros(k, m) : GuardedMatrix.zeros(m, k);
        Matrix b = transB ? GuardedMatrix.zeros(n, k) : GuardedMatrix.zeros(k, n);
        Matrix c = GuardedMatrix.zeros(m, n);
        RecordingMicroKernel microKernel = new RecordingMicroKernel();
        try (WorkerPool pool = new WorkerPool(threads)) {
            new DirectGemm(pool, microKernel::forThread, new Packing())
                    .multiply(1, a, transA, b, transB, beta, c, Epilogue.NONE);
        }
        return new Plan(a, b, c, microKernel.calls());
    }

    private static Plan plan(int threads, int m, int n, int k) {
        return plan(threads, m, n, k, 0, 0);
    }

    /** Fewer elements to move decide: those of B, or those of C and, unless it is stored transposed, of A. */
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
    void theCheaperOperandIsTransposed(String product, int m, int n, int k, String a) {
        int order = (product.contains("At") ? 1 : 0) + (product.contains("Bt") ? 2 : 0);
        Plan plan = plan(1, m, n, k, order, 0);
        assertThat(plan.calls())
                .isNotEmpty()
                .allMatch(call -> call.a().values() == floats(a.equals("A") ? plan.a() : plan.b()));
    }

    @ParameterizedTest
    @CsvSource({
        // Rows or columns, whichever gives the smaller largest share …
        "120, 64, rows, 42",
        "63, 65, rows, 21",
        "64, 120, columns, 40",
        "100, 96, columns, 32",
        // … and on a tie, the longer side, or the columns of a square.
        "144, 72, rows, 48",
        "72, 72, columns, 24",
        "72, 144, columns, 48"
    })
    void theSplitBalancesTheLoad(int m, int n, String side, int largest) {
        Plan plan = plan(3, m, n, 200);
        boolean byRows = side.equals("rows");
        assertThat(plan.calls()).allMatch(call -> byRows == call.rows() < m);
        assertThat(plan.calls().stream()
                        .collect(Collectors.groupingBy(
                                RecordingMicroKernel.Call::thread,
                                Collectors.summingInt(call -> byRows ? call.rows() : call.columns())))
                        .values())
                .hasSize(3)
                .as("rows or columns of each thread, each row counted once for each of %d panels", (n + 7) / 8)
                .contains(byRows ? largest * ((n + 7) / 8) : largest)
                .allMatch(share -> share <= (byRows ? largest * ((n + 7) / 8) : largest));
    }

    @ParameterizedTest
    @CsvSource({"64, 64, 127, 1", "64, 64, 128, 2", "64, 1024, 12, 3"})
    void smallProblemsUseFewerThreads(int m, int n, int k, int threads) {
        assertThat(plan(3, m, n, k).calls().stream()
                        .map(RecordingMicroKernel.Call::thread)
                        .distinct())
                .hasSize(threads);
    }

    @Test
    void aPaddedPanelIsPacked() {
        Plan plan = plan(1, 5, 10, 7);
        assertThat(plan.calls()).extracting(RecordingMicroKernel.Call::columns).containsExactly(8, 4);
        assertThat(plan.calls())
                .extracting(call -> call.b() == floats(plan.b()))
                .containsExactly(true, false);
    }

    @Test
    void sumsAccumulateInCUnlessTheyMustBeRearranged() {
        assertThat(plan(1, 5, 16, 7).inPlace()).isTrue();
        assertThat(plan(1, 5, 16, 7, 0, 1).inPlace()).isFalse();
        assertThat(plan(1, 5, 7, 7).inPlace()).isFalse();
        assertThat(plan(1, 2, 16, 50, 2, 0).inPlace()).as("transposed").isFalse();
    }

    @ParameterizedTest
    @CsvSource({"600, '0-256 256-512 512-600'", "512, '0-256 256-512'", "8, '0-8'", "260, '0-256 256-260'"})
    void theEpilogueGetsWideBlocks(int n, String blocks) {
        List<String> seen = new ArrayList<>();
        try (WorkerPool pool = new WorkerPool(1)) {
            new DirectGemm(pool, new RecordingMicroKernel()::forThread, new Packing())
                    .multiply(
                            1,
                            GuardedMatrix.zeros(2, 1),
                            false,
                            GuardedMatrix.zeros(1, n),
                            false,
                            0,
                            GuardedMatrix.zeros(2, n),
                            (row0, row1, column0, column1) -> seen.add(column0 + "-" + column1));
        }
        assertThat(String.join(" ", seen)).isEqualTo(blocks);
    }
}
