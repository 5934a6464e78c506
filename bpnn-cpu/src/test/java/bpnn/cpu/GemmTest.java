package bpnn.cpu;

import bpnn.spi.HeapBuffer;
import bpnn.spi.Matrix;
import bpnn.spi.ReferenceBackend;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bits of every candidate for GEMM match its definition for every shape, storage order and number of threads. */
class GemmTest {
    private static final int[] ROWS = {1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 17};
    private static final int[] COLUMNS = {1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 47, 65};
    private static final int[] DEPTHS = {0, 1, 2, 5};

    private final WorkerPool one = new WorkerPool(1);

    private final ReferenceBackend reference = new ReferenceBackend();

    private static List<GemmCandidate> candidates() {
        return (VectorWidth.requested() == VectorWidth.SCALAR ? Arithmetic.scalar() : Arithmetic.vector()).gemms();
    }

    /** Every candidate that may be chosen for this width. */
    private static List<Gemm> gemms(WorkerPool pool) {
        return candidates().stream()
                .map(candidate -> new Gemm(pool, GemmPlan.of(candidate)))
                .toList();
    }

    @AfterEach
    void close() {
        one.close();
        reference.close();
    }

    private void check(
            List<Gemm> gemms, float alpha, Matrix a, boolean transA, Matrix b, boolean transB, float beta, Matrix c) {
        Matrix expected = GuardedMatrix.copy(c);
        reference.kernels().gemm(alpha, a, transA, b, transB, beta, expected);
        for (int i = 0; i < gemms.size(); i++) {
            Matrix actual = GuardedMatrix.copy(c);
            gemms.get(i).multiply(alpha, a, transA, b, transB, beta, actual, Epilogue.NONE);
            String what = String.format(
                    "candidate %d: %s * [%d, %d]%s [%d, %d]%s + %s * C",
                    i, alpha, a.rows(), a.cols(), transA ? "t" : "", b.rows(), b.cols(), transB ? "t" : "", beta);
            GuardedMatrix.assertSameBits(actual, expected, what);
        }
    }

    private void checkOrders(List<Gemm> gemms, int m, int n, int k, float alpha, float beta) {
        for (int order = 0; order < 4; order++) {
            boolean transA = (order & 1) != 0;
            boolean transB = (order & 2) != 0;
            Matrix a = transA ? GuardedMatrix.uniform(k, m, 1) : GuardedMatrix.uniform(m, k, 1);
            Matrix b = transB ? GuardedMatrix.uniform(n, k, 2) : GuardedMatrix.uniform(k, n, 2);
            check(gemms, alpha, a, transA, b, transB, beta, GuardedMatrix.uniform(m, n, 3));
        }
    }

    @Test
    void allEdgeSizes() {
        List<Gemm> gemms = gemms(one);
        for (int m : ROWS) {
            for (int n : COLUMNS) {
                for (int k : DEPTHS) {
                    checkOrders(gemms, m, n, k, 1, 0);
                }
            }
        }
    }

    @Test
    void emptyMatrices() {
        List<Gemm> gemms = gemms(one);
        checkOrders(gemms, 0, 5, 3, 1, 0);
        checkOrders(gemms, 5, 0, 3, 1, 0);
        checkOrders(gemms, 0, 0, 0, 1, 0);
        checkOrders(gemms, 5, 40, 0, -1, 0);
        checkOrders(gemms, 5, 40, 0, 2, 0.5f);
    }

    @Test
    void alphaAndBeta() {
        List<Gemm> gemms = gemms(one);
        for (float alpha : new float[] {1, -1, 0, -0f, 0.3f, Float.NaN, Float.POSITIVE_INFINITY}) {
            for (float beta : new float[] {0, -0f, 1, -0.7f, Float.NaN}) {
                checkOrders(gemms, 9, 33, 5, alpha, beta);
                checkOrders(gemms, 3, 5, 70, alpha, beta);
            }
        }
    }

    @Test
    void nanInCIsIgnoredIfBetaIsZero() {
        List<Gemm> gemms = gemms(one);
        for (int n : COLUMNS) {
            Matrix c = GuardedMatrix.zeros(7, n);
            java.util.Arrays.fill(HeapBuffer.floats(c), c.offset(), c.offset() + c.size(), Float.NaN);
            check(gemms, 1, GuardedMatrix.uniform(7, 6, 1), false, GuardedMatrix.uniform(6, n, 2), false, 0, c);
        }
    }

    @Test
    void specialValues() {
        List<Gemm> gemms = gemms(one);
        for (int seed = 0; seed < 20; seed++) {
            for (int k : new int[] {1, 3, 12}) {
                Matrix c = GuardedMatrix.special(13, 37, 100 + seed);
                check(
                        gemms,
                        1,
                        GuardedMatrix.special(13, k, seed),
                        false,
                        GuardedMatrix.special(k, 37, 50 + seed),
                        false,
                        0.5f,
                        c);
                check(
                        gemms,
                        1,
                        GuardedMatrix.special(k, 13, seed),
                        true,
                        GuardedMatrix.special(37, k, 50 + seed),
                        true,
                        0,
                        c);
            }
        }
    }

    @Test
    void severalBlocksOfK() {
        List<Gemm> gemms = gemms(one);
        for (int k : new int[] {1023, 1024, 1025, 2100}) {
            checkOrders(gemms, 5, 19, k, 1, 0);
            checkOrders(gemms, 2, 33, k, 0.5f, 1);
        }
    }

    @Test
    void packedPanels() {
        List<Gemm> gemms = gemms(one);
        checkOrders(gemms, 259, 35, 515, 1, 0);
    }

    @ForThreads
    void anyNumberOfThreads(int threads) {
        try (WorkerPool pool = new WorkerPool(threads)) {
            List<Gemm> gemms = gemms(pool);
            checkOrders(gemms, 67, 129, 191, 1, 0);
            checkOrders(gemms, 131, 67, 97, 0.5f, 2);
            checkOrders(gemms, 131, 67, 97, 0.5f, 0);
            checkOrders(gemms, 3, 9000, 2, 1, 0);
            checkOrders(gemms, 1, 700, 1201, 1, 0);
            checkOrders(gemms, 1201, 1, 700, 1, 0);
            checkOrders(gemms, 128, 10, 512, 1, 0);
        }
    }

    @ForThreads
    void narrowPanels(int threads) {
        GemmCandidate recording = new GemmCandidate(
                "narrow", pool -> new DirectGemm(pool, new RecordingMicroKernel()::forThread, new Packing()));
        try (WorkerPool pool = new WorkerPool(threads)) {
            List<Gemm> gemms = List.of(new Gemm(pool, GemmPlan.of(recording)));
            for (int n : COLUMNS) {
                checkOrders(gemms, 5, n, 3, 1, 0);
                checkOrders(gemms, 3, n, 5, 0.5f, -0.7f);
            }
            checkOrders(gemms, 131, 67, 97, 0.5f, 0);
            checkOrders(gemms, 67, 131, 97, 0.5f, 2);
            checkOrders(gemms, 259, 35, 515, 1, 0);
            checkOrders(gemms, 2, 3, 10_000, 1, 0);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void theEpilogueSeesEachElementOnce(int threads) {
        try (WorkerPool pool = new WorkerPool(threads)) {
            gemms(pool).forEach(this::checkEpilogue);
        }
    }

    private void checkEpilogue(Gemm gemm) {
        for (boolean transB : new boolean[] {false, true}) {
            Matrix a = GuardedMatrix.uniform(70, 190, 1);
            Matrix b = transB ? GuardedMatrix.uniform(130, 190, 2) : GuardedMatrix.uniform(190, 130, 2);
            Matrix expected = GuardedMatrix.zeros(70, 130);
            Matrix c = GuardedMatrix.zeros(70, 130);
            reference.kernels().gemm(1, a, false, b, transB, 0, expected);
            float[] wanted = HeapBuffer.floats(expected);
            for (int i = 0; i < expected.size(); i++) {
                wanted[expected.offset() + i] = wanted[expected.offset() + i] * 3 + i;
            }
            gemm.multiply(1, a, false, b, transB, 0, c, (row0, row1, column0, column1) -> {
                for (int i = row0; i < row1; i++) {
                    for (int j = column0; j < column1; j++) {
                        int at = i * 130 + j;
                        HeapBuffer.floats(c)[c.offset() + at] = HeapBuffer.floats(c)[c.offset() + at] * 3 + at;
                    }
                }
            });
            GuardedMatrix.assertSameBits(c, expected, "the product with an epilogue");
        }
    }
}
