package bpnn.cpu;

import java.util.Arrays;

/**
 * The micro-kernel in plain Java, in loops that C2 auto-vectorises. On JDK 17 it does so only if every array is indexed
 * by {@code j} plus a constant, so rows are first copied to fixed offsets.
 */
final class ScalarMicroKernel implements MicroKernel {
    private static final int NR = 256;
    private static final int UNROLL = 4;

    private final float[] right = new float[UNROLL * NR];
    private final float[] sums = new float[NR];

    @Override
    public int mr() {
        return 1;
    }

    @Override
    public int lanes() {
        return 1;
    }

    @Override
    public int nr() {
        return NR;
    }

    @Override
    public void add(
            OperandA a,
            int row0,
            int row1,
            int k0,
            int k1,
            int columns,
            Panel b,
            float[] c,
            int cStart,
            int cStride,
            boolean resume) {
        if (!resume) {
            for (int i = 0; i < row1 - row0; i++) {
                Arrays.fill(c, cStart + i * cStride, cStart + i * cStride + columns, 0);
            }
        }
        for (int k = k0; k < k1; k += UNROLL) {
            int depth = Math.min(UNROLL, k1 - k);
            for (int d = 0; d < depth; d++) {
                System.arraycopy(b.values(), b.start() + (k + d) * b.stride(), right, d * NR, columns);
            }
            for (int row = row0; row < row1; row++) {
                int target = cStart + (row - row0) * cStride;
                System.arraycopy(c, target, sums, 0, columns);
                addRow(a, row, k, depth, columns);
                System.arraycopy(sums, 0, c, target, columns);
            }
        }
    }

    private void addRow(OperandA left, int row, int k, int depth, int columns) {
        float[] a = left.values();
        int first = left.index(row, k);
        int step = left.index(row, k + 1) - first;
        if (depth == UNROLL) {
            addFour(a[first], a[first + step], a[first + 2 * step], a[first + 3 * step], right, sums, columns);
        } else {
            for (int d = 0; d < depth; d++) {
                addOne(a[first + d * step], right, d * NR, sums, columns);
            }
        }
    }

    private static void addFour(float a0, float a1, float a2, float a3, float[] b, float[] sums, int columns) {
        for (int j = 0; j < columns; j++) {
            float sum = Math.fma(a0, b[j], sums[j]);
            sum = Math.fma(a1, b[NR + j], sum);
            sum = Math.fma(a2, b[2 * NR + j], sum);
            sums[j] = Math.fma(a3, b[3 * NR + j], sum);
        }
    }

    private static void addOne(float a, float[] b, int start, float[] sums, int columns) {
        for (int j = 0; j < columns; j++) {
            sums[j] = Math.fma(a, b[start + j], sums[j]);
        }
    }
}
