package bpnn.cpu;

/** Kernels in plain Java, in loops that the compiler can turn into vector code by itself. */
final class ScalarTiles implements Tiles {
    private static final int STRIP_COLUMNS = 256;

    @Override
    public int rows() {
        return 1;
    }

    @Override
    public int columns() {
        return 1;
    }

    @Override
    public int stripColumns() {
        return STRIP_COLUMNS;
    }

    @Override
    public void add(
            Left a,
            int row0,
            int row1,
            int depth0,
            int depth1,
            int columns,
            Strip b,
            float[] c,
            int cStart,
            int cStride,
            boolean resume) {
        float[] values = a.values();
        int step = a.depthMajor() ? a.stride() : 1;
        for (int row = row0; row < row1; row++) {
            int target = cStart + (row - row0) * cStride;
            if (!resume) {
                java.util.Arrays.fill(c, target, target + columns, 0);
            }
            int at = a.index(row, depth0);
            int k = depth0;
            for (; k + 4 <= depth1; k += 4) {
                addFour(
                        values[at],
                        values[at + step],
                        values[at + 2 * step],
                        values[at + 3 * step],
                        b.values(),
                        b.start() + k * b.stride(),
                        b.stride(),
                        c,
                        target,
                        columns);
                at += 4 * step;
            }
            for (; k < depth1; k++) {
                addOne(values[at], b.values(), b.start() + k * b.stride(), c, target, columns);
                at += step;
            }
        }
    }

    /** Adds four depths to a row of sums. */
    private static void addFour(
            float a0,
            float a1,
            float a2,
            float a3,
            float[] b,
            int bStart,
            int bStride,
            float[] c,
            int cStart,
            int columns) {
        int b1 = bStart + bStride;
        int b2 = b1 + bStride;
        int b3 = b2 + bStride;
        for (int j = 0; j < columns; j++) {
            float sum = Math.fma(a0, b[bStart + j], c[cStart + j]);
            sum = Math.fma(a1, b[b1 + j], sum);
            sum = Math.fma(a2, b[b2 + j], sum);
            c[cStart + j] = Math.fma(a3, b[b3 + j], sum);
        }
    }

    private static void addOne(float a, float[] b, int bStart, float[] c, int cStart, int columns) {
        for (int j = 0; j < columns; j++) {
            c[cStart + j] = Math.fma(a, b[bStart + j], c[cStart + j]);
        }
    }
}
