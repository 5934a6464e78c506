package bpnn.cpu;

/** Blocked transposition in plain Java, four rows at a time; on JDK 17 the Vector API was not faster. */
final class Transpose {
    /** Block size that fits into the L1 cache for source and destination. */
    private static final int BLOCK_ROWS = 32;

    private static final int BLOCK_COLUMNS = 16;

    private Transpose() {}

    /**
     * Sets {@code to[toStart + j toStride + i] = from[fromStart + i fromStride + j]} for all rows {@code i} and columns
     * {@code j} of {@code from}.
     */
    static void apply(
            int rows, int columns, float[] from, int fromStart, int fromStride, float[] to, int toStart, int toStride) {
        for (int i0 = 0; i0 < rows; i0 += BLOCK_ROWS) {
            int i1 = Math.min(rows, i0 + BLOCK_ROWS);
            for (int j0 = 0; j0 < columns; j0 += BLOCK_COLUMNS) {
                int width = Math.min(columns - j0, BLOCK_COLUMNS);
                int i = i0;
                for (; i + 4 <= i1; i += 4) {
                    fourRows(
                            width,
                            from,
                            fromStart + i * fromStride + j0,
                            fromStride,
                            to,
                            toStart + j0 * toStride + i,
                            toStride);
                }
                for (; i < i1; i++) {
                    oneRow(width, from, fromStart + i * fromStride + j0, to, toStart + j0 * toStride + i, toStride);
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

    private static void oneRow(int columns, float[] from, int row, float[] to, int toStart, int toStride) {
        int target = toStart;
        for (int j = 0; j < columns; j++) {
            to[target] = from[row + j];
            target += toStride;
        }
    }
}
