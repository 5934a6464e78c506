package bpnn.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.spi.HeapBuffer;
import bpnn.spi.Matrix;
import bpnn.spi.ReferenceBackend;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bits of GEMM match its definition for every shape, storage order and number of threads. */
class GemmTest {
    private static final int[] ROWS = {1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 17};
    private static final int[] COLUMNS = {1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 47, 65};
    private static final int[] DEPTHS = {0, 1, 2, 5};

    private final WorkerPool one = new WorkerPool(1);

    private final ReferenceBackend reference = new ReferenceBackend();

    private static Supplier<MicroKernel> microKernel() {
        return VectorWidth.requested() == VectorWidth.SCALAR ? ScalarMicroKernel::new : VectorMicroKernel::new;
    }

    @AfterEach
    void close() {
        one.close();
        reference.close();
    }

    private void check(
            Gemm gemm, float alpha, Matrix a, boolean transA, Matrix b, boolean transB, float beta, Matrix c) {
        Matrix expected = GuardedMatrix.copy(c);
        reference.kernels().gemm(alpha, a, transA, b, transB, beta, expected);
        gemm.multiply(alpha, a, transA, b, transB, beta, c, Epilogue.NONE);
        String what = String.format(
                "%s * [%d, %d]%s [%d, %d]%s + %s * C",
                alpha, a.rows(), a.cols(), transA ? "t" : "", b.rows(), b.cols(), transB ? "t" : "", beta);
        GuardedMatrix.assertSameBits(c, expected, what);
    }

    private void checkOrders(Gemm gemm, int m, int n, int k, float alpha, float beta) {
        for (int order = 0; order < 4; order++) {
            boolean transA = (order & 1) != 0;
            boolean transB = (order & 2) != 0;
            Matrix a = transA ? GuardedMatrix.uniform(k, m, 1) : GuardedMatrix.uniform(m, k, 1);
            Matrix b = transB ? GuardedMatrix.uniform(n, k, 2) : GuardedMatrix.uniform(k, n, 2);
            check(gemm, alpha, a, transA, b, transB, beta, GuardedMatrix.uniform(m, n, 3));
        }
    }

    @Test
    void allEdgeSizes() {
        Gemm gemm = new Gemm(one, microKernel());
        for (int m : ROWS) {
            for (int n : COLUMNS) {
                for (int k : DEPTHS) {
                    checkOrders(gemm, m, n, k, 1, 0);
                }
            }
        }
    }

    @Test
    void emptyMatrices() {
        Gemm gemm = new Gemm(one, microKernel());
        checkOrders(gemm, 0, 5, 3, 1, 0);
        checkOrders(gemm, 5, 0, 3, 1, 0);
        checkOrders(gemm, 0, 0, 0, 1, 0);
        checkOrders(gemm, 5, 40, 0, -1, 0);
        checkOrders(gemm, 5, 40, 0, 2, 0.5f);
    }

    @Test
    void alphaAndBeta() {
        Gemm gemm = new Gemm(one, microKernel());
        for (float alpha : new float[] {1, -1, 0, -0f, 0.3f, Float.NaN, Float.POSITIVE_INFINITY}) {
            for (float beta : new float[] {0, -0f, 1, -0.7f, Float.NaN}) {
                checkOrders(gemm, 9, 33, 5, alpha, beta);
                checkOrders(gemm, 3, 5, 70, alpha, beta);
            }
        }
    }

    @Test
    void nanInCIsIgnoredIfBetaIsZero() {
        Gemm gemm = new Gemm(one, microKernel());
        for (int n : COLUMNS) {
            Matrix c = GuardedMatrix.zeros(7, n);
            java.util.Arrays.fill(HeapBuffer.floats(c), c.offset(), c.offset() + c.size(), Float.NaN);
            check(gemm, 1, GuardedMatrix.uniform(7, 6, 1), false, GuardedMatrix.uniform(6, n, 2), false, 0, c);
            assertThat(HeapBuffer.floats(c)[c.offset()]).isNotNaN();
        }
    }

    @Test
    void specialValues() {
        Gemm gemm = new Gemm(one, microKernel());
        for (int seed = 0; seed < 20; seed++) {
            for (int k : new int[] {1, 3, 12}) {
                Matrix c = GuardedMatrix.special(13, 37, 100 + seed);
                check(
                        gemm,
                        1,
                        GuardedMatrix.special(13, k, seed),
                        false,
                        GuardedMatrix.special(k, 37, 50 + seed),
                        false,
                        0.5f,
                        c);
                check(
                        gemm,
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
        Gemm gemm = new Gemm(one, microKernel());
        for (int k : new int[] {1023, 1024, 1025, 2100}) {
            checkOrders(gemm, 5, 19, k, 1, 0);
            checkOrders(gemm, 2, 33, k, 0.5f, 1);
        }
    }

    @Test
    void packedPanels() {
        Gemm gemm = new Gemm(one, microKernel());
        checkOrders(gemm, 259, 35, 515, 1, 0);
    }

    @ForThreads
    void anyNumberOfThreads(int threads) {
        try (WorkerPool pool = new WorkerPool(threads)) {
            Gemm gemm = new Gemm(pool, microKernel());
            checkOrders(gemm, 67, 129, 191, 1, 0);
            checkOrders(gemm, 131, 67, 97, 0.5f, 2);
            checkOrders(gemm, 131, 67, 97, 0.5f, 0);
            checkOrders(gemm, 3, 9000, 2, 1, 0);
            checkOrders(gemm, 1, 700, 1201, 1, 0);
            checkOrders(gemm, 1201, 1, 700, 1, 0);
            checkOrders(gemm, 128, 10, 512, 1, 0);
        }
    }

    @ForThreads
    void narrowPanelsWithManyAndFewRegisters(int threads) {
        try (WorkerPool pool = new WorkerPool(threads)) {
            for (boolean needsRowMajorA : new boolean[] {false, true}) {
                Gemm gemm = new Gemm(pool, new RecordingMicroKernel(needsRowMajorA)::forThread);
                for (int n : COLUMNS) {
                    checkOrders(gemm, 5, n, 3, 1, 0);
                    checkOrders(gemm, 3, n, 5, 0.5f, -0.7f);
                }
                checkOrders(gemm, 131, 67, 97, 0.5f, 0);
                checkOrders(gemm, 67, 131, 97, 0.5f, 2);
                checkOrders(gemm, 259, 35, 515, 1, 0);
                checkOrders(gemm, 2, 3, 10_000, 1, 0);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void theEpilogueSeesEachElementOnce(int threads) {
        try (WorkerPool pool = new WorkerPool(threads)) {
            Gemm gemm = new Gemm(pool, microKernel());
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
}
