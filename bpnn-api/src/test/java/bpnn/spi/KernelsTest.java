package bpnn.spi;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.random.Philox;
import bpnn.random.Purpose;
import bpnn.random.RandomStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The float32 reference kernels compute what their formulas say. */
class KernelsTest {
    private final ReferenceBackend backend = new ReferenceBackend();
    private final Kernels k = backend.kernels();

    @AfterEach
    void close() {
        backend.close();
    }

    private Matrix of(int rows, int cols, float... values) {
        Matrix m = new Matrix(backend.allocate(ElementType.FLOAT32, rows * cols), 0, rows, cols);
        m.buffer().upload(0, values, 0, values.length);
        return m;
    }

    private Matrix integers(int... values) {
        Matrix m = new Matrix(backend.allocate(ElementType.INT32, values.length), 0, 1, values.length);
        m.buffer().upload(0, values, 0, values.length);
        return m;
    }

    private Matrix zeros(int rows, int cols) {
        return of(rows, cols, new float[rows * cols]);
    }

    private static float[] read(Matrix m) {
        float[] values = new float[m.size()];
        m.buffer().download(m.offset(), values, 0, values.length);
        return values;
    }

    @Test
    void gemmWithBetaZeroDoesNotReadC() {
        Matrix c = of(1, 1, Float.NaN);
        k.gemm(2, of(1, 2, 1, 2), false, of(2, 1, 3, 4), false, 0, c);
        assertThat(read(c)).containsExactly(22);
        k.gemm(1, of(1, 2, 1, 2), false, of(1, 2, 3, 4), true, 2, c);
        assertThat(read(c)).containsExactly(55);
        k.gemm(1, of(2, 1, 1, 2), true, of(2, 1, 3, 4), false, 0, c);
        assertThat(read(c)).containsExactly(11);
        k.gemm(1, of(1, 0), false, of(0, 1), false, 1, c);
        assertThat(read(c)).as("an empty sum is 0").containsExactly(11);
    }

    @Test
    void zipBroadcastsRowsColumnsAndScalars() {
        Matrix a = of(2, 3, 1, 2, 3, 4, 5, 6);
        Matrix y = zeros(2, 3);
        k.zip(BinaryOp.ADD, a, of(1, 3, 10, 20, 30), y);
        assertThat(read(y)).containsExactly(11, 22, 33, 14, 25, 36);
        k.zip(BinaryOp.MULTIPLY, a, of(2, 1, 1, -1), y);
        assertThat(read(y)).containsExactly(1, 2, 3, -4, -5, -6);
        k.zip(BinaryOp.SUBTRACT, a, of(1, 1, 1), a);
        assertThat(read(a)).containsExactly(0, 1, 2, 3, 4, 5);
    }

    @Test
    void sumsUseBlocksOf64() {
        float[] values = new float[130];
        java.util.Arrays.fill(values, 1f);
        values[0] = 0x1p24f;
        Matrix y = zeros(1, 1);
        k.reduce(Reduction.SUM, Axis.COLUMNS, of(1, 130, values), y);
        assertThat(read(y))
                .as("the ones of the first block are absorbed one by one")
                .containsExactly(0x1p24f + 64 + 2);
        k.reduce(Reduction.SUM, Axis.ROWS, of(130, 1, values), y);
        assertThat(read(y)).containsExactly(0x1p24f + 64 + 2);
        k.reduce(Reduction.MAX, Axis.ROWS, of(3, 1, 1, Float.NaN, 2), y);
        assertThat(read(y)).containsExactly(Float.NaN);
    }

    @Test
    void gatherRowsFollowsTheOrderFromThePosition() {
        Matrix table = new Matrix(backend.allocate(ElementType.UINT8, 6), 0, 3, 2);
        table.buffer().upload(0, new byte[] {1, 2, 3, 4, 5, (byte) 255}, 0, 6);
        Matrix y = zeros(2, 2);
        k.gatherRows(table, integers(9, 2, 0), integers(1), 2, 1, y);
        assertThat(read(y)).containsExactly(11, 511, 3, 5);
        k.gatherRows(table, null, integers(1), 1, 0, y);
        assertThat(read(y)).containsExactly(3, 4, 5, 255);
    }

    @Test
    void argmaxIsTheFirstMaximum() {
        Matrix y = zeros(3, 1);
        k.argmax(of(3, 3, 1, 5, 5, -3, -2, -9, 0, Float.NaN, 1), y);
        assertThat(read(y)).containsExactly(1, 1, 3);
    }

    @Test
    void maxOverRowsAndColumns() {
        Matrix x = of(3, 2, 1, -5, 4, -2, 3, -7);
        Matrix columns = zeros(1, 2);
        k.reduce(Reduction.MAX, Axis.ROWS, x, columns);
        assertThat(read(columns)).containsExactly(4, -2);
        Matrix rows = zeros(3, 1);
        k.reduce(Reduction.MAX, Axis.COLUMNS, x, rows);
        assertThat(read(rows)).containsExactly(1, 4, 3);
    }

    /** ε is large enough to matter next to √v. */
    @Test
    void adamAddsEpsilonOutsideTheSquareRoot() {
        Matrix w = of(1, 1, 1);
        k.adam(w, of(1, 1, 3), zeros(1, 1), zeros(1, 1), 0.5f, 0.75f, of(1, 3, 0.25f, 2, 5));
        // m = 1.5, v = 2.25: 1 - 1.5 / (1.5 · 2 + 5) · 0.25
        assertThat(read(w)).containsExactly(0.953125f);
    }

    @Test
    void adamFollowsThePublishedAlgorithm() {
        Matrix w = of(1, 2, 1, -2);
        Matrix m = zeros(1, 2);
        Matrix v = zeros(1, 2);
        double[] expected = {1, -2};
        double[] mean = new double[2];
        double[] variance = new double[2];
        RandomStream random = new RandomStream(1, Purpose.STATISTICS, 0, 0);
        for (int t = 1; t <= 5; t++) {
            float[] g = {random.nextGaussian(), random.nextGaussian()};
            float c1 = (float) (0.01 / (1 - Math.pow(0.9f, t)));
            float c2 = (float) (1 / Math.sqrt(1 - Math.pow(0.999f, t)));
            k.adam(w, of(1, 2, g), m, v, 0.9f, 0.999f, of(1, 3, c1, c2, 1e-8f));
            for (int i = 0; i < 2; i++) {
                mean[i] = 0.9f * mean[i] + (1 - (double) 0.9f) * g[i];
                variance[i] = 0.999f * variance[i] + (1 - (double) 0.999f) * g[i] * g[i];
                double meanHat = mean[i] / (1 - Math.pow(0.9f, t));
                double varianceHat = variance[i] / (1 - Math.pow(0.999f, t));
                expected[i] -= 0.01 * meanHat / (Math.sqrt(varianceHat) + 1e-8);
            }
        }
        assertThat((double) read(w)[0]).isCloseTo(expected[0], org.assertj.core.data.Offset.offset(1e-6));
        assertThat((double) read(w)[1]).isCloseTo(expected[1], org.assertj.core.data.Offset.offset(1e-6));
    }

    @Test
    void dropoutMasksFollowPhilox() {
        int[] words = new int[15];
        DropoutSpec spec = new DropoutSpec(7, 2, 0.4f, false);
        Philox.fill(7, Purpose.DROPOUT, 5, 2, 0, words, 0, 15);
        Matrix x = of(3, 5, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1);
        Matrix mask = zeros(3, 5);
        k.dropout(x, spec, integers(0, 0, 5), mask, x);
        for (int i = 0; i < 15; i++) {
            boolean dropped = (words[i] & 0xFFFFFFFFL) < Math.round(0.4f * 0x1p32);
            assertThat(read(x)[i]).isEqualTo(dropped ? 0f : (float) (1 / (1 - (double) 0.4f)));
        }
        assertThat(read(mask)).containsExactly(read(x));
    }

    /**
     * A unit is dropped only if its word is strictly below the threshold.
     */
    @Test
    void aWordEqualToTheThresholdKeepsTheUnit() {
        int[] words = new int[4096];
        Philox.fill(7, Purpose.DROPOUT, 5, 2, 0, words, 0, words.length);
        int place = 0;
        while ((words[place] & 0xFF) != 0) {
            place++;
        }
        // A word with eight trailing zero bits is exact in float32.
        DropoutSpec spec = new DropoutSpec(7, 2, Integer.toUnsignedLong(words[place]) * 0x1p-32f, false);
        assertThat(spec.threshold()).isEqualTo(words[place]);
        Matrix mask = zeros(1, words.length);
        k.dropout(zeros(1, words.length), spec, integers(0, 0, 5), mask, zeros(1, words.length));
        assertThat(read(mask)[place]).isEqualTo(spec.scale());
        assertThat(read(mask)).contains(0f);
    }

    @Test
    void scratchMemoryIsReusedGrowsAndIsFreed() {
        int before = backend.liveBuffers();
        Scratch scratch = new Scratch(backend);
        Matrix first = scratch.matrix(1, 2, 6);
        assertThat(scratch.matrix(1, 3, 4).buffer()).isSameAs(first.buffer());
        assertThat(scratch.matrix(0, 3, 4).buffer()).isNotSameAs(first.buffer());
        assertThat(scratch.matrix(1, 1, 13).buffer()).isNotSameAs(first.buffer());
        assertThat(first.buffer().isClosed()).isTrue();
        assertThat(backend.liveBuffers()).isEqualTo(before + 2);
        scratch.close();
        assertThat(backend.liveBuffers()).isEqualTo(before);
    }

    @Test
    void theClockCountsStepsAndImages() {
        Matrix clock = integers(3, 384, 9, 2);
        k.advance(clock, 96);
        int[] counters = new int[3];
        clock.buffer().download(0, counters, 0, 3);
        assertThat(counters).containsExactly(4, 480, 10);
    }
}
