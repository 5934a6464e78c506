package bpnn.cpu;

/**
 * Rearranges operands of a GEMM, in plain Java. The loops over rows and columns should stay methods of their own
 * ({@code dontinline} in jvm.options): inlined into the loops of their callers, JDK 17 makes them take up to three times
 * as long.
 */
class Packing {
    /** Block of rows to transpose whose source and destination fit into the L1 cache … */
    private static final int BLOCK_ROWS = 32;
    /** … with so many columns. */
    private static final int BLOCK_COLUMNS = 64;

    /** Sets {@code to[toStart + i toStride + j] = from[fromStart + i fromStride + j]} for all rows i and columns j. */
    void copy(
            int rows, int columns, float[] from, int fromStart, int fromStride, float[] to, int toStart, int toStride) {
        switch (columns) {
            case 6 -> sixColumns(rows, from, fromStart, fromStride, to, toStart, toStride);
            case 4 -> fourColumns(rows, from, fromStart, fromStride, to, toStart, toStride);
            default -> {
                for (int i = 0; i < rows; i++) {
                    System.arraycopy(from, fromStart + i * fromStride, to, toStart + i * toStride, columns);
                }
            }
        }
    }

    private static void sixColumns(
            int rows, float[] from, int fromStart, int fromStride, float[] to, int toStart, int toStride) {
        int source = fromStart;
        int target = toStart;
        for (int i = 0; i < rows; i++) {
            to[target] = from[source];
            to[target + 1] = from[source + 1];
            to[target + 2] = from[source + 2];
            to[target + 3] = from[source + 3];
            to[target + 4] = from[source + 4];
            to[target + 5] = from[source + 5];
            source += fromStride;
            target += toStride;
        }
    }

    private static void fourColumns(
            int rows, float[] from, int fromStart, int fromStride, float[] to, int toStart, int toStride) {
        int source = fromStart;
        int target = toStart;
        for (int i = 0; i < rows; i++) {
            to[target] = from[source];
            to[target + 1] = from[source + 1];
            to[target + 2] = from[source + 2];
            to[target + 3] = from[source + 3];
            source += fromStride;
            target += toStride;
        }
    }

    /** Sets {@code to[toStart + j toStride + i] = from[fromStart + i fromStride + j]} for all rows i and columns j. */
    final void transpose(
            int rows, int columns, float[] from, int fromStart, int fromStride, float[] to, int toStart, int toStride) {
        for (int i0 = 0; i0 < rows; i0 += BLOCK_ROWS) {
            int i1 = Math.min(rows, i0 + BLOCK_ROWS);
            for (int j0 = 0; j0 < columns; j0 += BLOCK_COLUMNS) {
                int width = Math.min(columns - j0, BLOCK_COLUMNS);
                int target = toStart + j0 * toStride;
                int i = i0;
                for (; i + 4 <= i1; i += 4) {
                    int source = fromStart + i * fromStride + j0;
                    fourRows(width, from, source, fromStride, to, target + i, toStride);
                }
                if (i + 2 <= i1) {
                    twoRows(width, from, fromStart + i * fromStride + j0, fromStride, to, target + i, toStride);
                    i += 2;
                }
                if (i < i1) {
                    oneRow(width, from, fromStart + i * fromStride + j0, to, target + i, toStride);
                }
            }
        }
    }

    private static void fourRows(
            int columns, float[] from, int row0, int fromStride, float[] to, int toStart, int toStride) {
        int row1 = row0 + fromStride;
        int row2 = row1 + fromStride;
        int row3 = row2 + fromStride;
        int target = toStart;
        for (int j = 0; j < columns; j++) {
            to[target] = from[row0 + j];
            to[target + 1] = from[row1 + j];
            to[target + 2] = from[row2 + j];
            to[target + 3] = from[row3 + j];
            target += toStride;
        }
    }

    private static void twoRows(
            int columns, float[] from, int row0, int fromStride, float[] to, int toStart, int toStride) {
        int row1 = row0 + fromStride;
        int target = toStart;
        for (int j = 0; j < columns; j++) {
            to[target] = from[row0 + j];
            to[target + 1] = from[row1 + j];
            target += toStride;
        }
    }

    private static void oneRow(int columns, float[] from, int row, float[] to, int toStart, int toStride) {
        int target = toStart;
        for (int j = 0; j < columns; j++) {
            to[target] = from[row + j];
            target += toStride;
        }
    }
}
