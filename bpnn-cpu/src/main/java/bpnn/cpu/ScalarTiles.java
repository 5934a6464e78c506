package bpnn.cpu;

import java.util.Arrays;

/**
 * Kernels in plain Java, in loops that the compiler turns into vector code by itself. JDK 17 does so only where all
 * arrays are read at {@code j} plus a constant, therefore rows are copied to fixed places first.
 */
final class ScalarTiles implements Tiles {
    private static final int WIDTH = 256;
    private static final int DEPTH = 4;

    private final float[] right = new float[DEPTH * WIDTH];
    private final float[] sums = new float[WIDTH];

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
        return WIDTH;
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
        if (!resume) {
            for (int i = 0; i < row1 - row0; i++) {
                Arrays.fill(c, cStart + i * cStride, cStart + i * cStride + columns, 0);
            }
        }
        for (int k = depth0; k < depth1; k += DEPTH) {
            int depth = Math.min(DEPTH, depth1 - k);
            for (int d = 0; d < depth; d++) {
                System.arraycopy(b.values(), b.start() + (k + d) * b.stride(), right, d * WIDTH, columns);
            }
            for (int row = row0; row < row1; row++) {
                int target = cStart + (row - row0) * cStride;
                System.arraycopy(c, target, sums, 0, columns);
                addRow(a, row, k, depth, columns);
                System.arraycopy(sums, 0, c, target, columns);
            }
        }
    }

    private void addRow(Left left, int row, int k, int depth, int columns) {
        float[] a = left.values();
        int first = left.index(row, k);
        int step = left.index(row, k + 1) - first;
        if (depth == DEPTH) {
            addFour(a[first], a[first + step], a[first + 2 * step], a[first + 3 * step], right, sums, columns);
        } else {
            for (int d = 0; d < depth; d++) {
                addOne(a[first + d * step], right, d * WIDTH, sums, columns);
            }
        }
    }

    private static void addFour(float a0, float a1, float a2, float a3, float[] b, float[] sums, int columns) {
        for (int j = 0; j < columns; j++) {
            float sum = Math.fma(a0, b[j], sums[j]);
            sum = Math.fma(a1, b[WIDTH + j], sum);
            sum = Math.fma(a2, b[2 * WIDTH + j], sum);
            sums[j] = Math.fma(a3, b[3 * WIDTH + j], sum);
        }
    }

    private static void addOne(float a, float[] b, int start, float[] sums, int columns) {
        for (int j = 0; j < columns; j++) {
            sums[j] = Math.fma(a, b[start + j], sums[j]);
        }
    }
}
