package bpnn.cpu;

/**
 * Kernels of the Vector API: tiles of 8 rows where a vector has 512 bits, since such processors have 32 vector
 * registers, and of 6 rows otherwise, two vectors wide; what is left over goes through smaller tiles.
 */
final class VectorTiles implements Tiles {
    private static final int LANES = Lanes.FLOATS.length();
    private static final int ROWS = Lanes.FLOATS.vectorBitSize() >= 512 ? 8 : 6;
    private static final int COLUMNS = 2 * LANES;

    @Override
    public int rows() {
        return ROWS;
    }

    @Override
    public int columns() {
        return COLUMNS;
    }

    @Override
    public int stripColumns() {
        return COLUMNS;
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
        int height;
        for (int row = row0; row < row1; row += height) {
            height = height(row1 - row);
            int aFirst = a.index(row, 0);
            int cFirst = cStart + (row - row0) * cStride;
            for (int j = 0; j < columns; j += COLUMNS) {
                if (a.depthMajor()) {
                    depthMajor(
                            height,
                            depth0,
                            depth1,
                            a.values(),
                            aFirst,
                            a.stride(),
                            b.values(),
                            b.start() + j,
                            b.stride(),
                            c,
                            cFirst + j,
                            cStride,
                            resume);
                } else {
                    rowMajor(
                            height,
                            depth0,
                            depth1,
                            a.values(),
                            aFirst,
                            a.stride(),
                            b.values(),
                            b.start() + j,
                            b.stride(),
                            c,
                            cFirst + j,
                            cStride,
                            resume);
                }
            }
        }
    }

    private static int height(int rowsLeft) {
        return rowsLeft >= ROWS ? ROWS : rowsLeft >= 4 ? 4 : 1;
    }

    private static void rowMajor(
            int height,
            int depth0,
            int depth1,
            float[] a,
            int aStart,
            int aStride,
            float[] b,
            int bStart,
            int bStride,
            float[] c,
            int cStart,
            int cStride,
            boolean resume) {
        switch (height) {
            case 8 ->
                Tile8x2.rowMajor(depth0, depth1, a, aStart, aStride, b, bStart, bStride, c, cStart, cStride, resume);
            case 6 ->
                Tile6x2.rowMajor(depth0, depth1, a, aStart, aStride, b, bStart, bStride, c, cStart, cStride, resume);
            case 4 ->
                Tile4x2.rowMajor(depth0, depth1, a, aStart, aStride, b, bStart, bStride, c, cStart, cStride, resume);
            default ->
                Tile1x2.rowMajor(depth0, depth1, a, aStart, aStride, b, bStart, bStride, c, cStart, cStride, resume);
        }
    }

    private static void depthMajor(
            int height,
            int depth0,
            int depth1,
            float[] a,
            int aStart,
            int aStride,
            float[] b,
            int bStart,
            int bStride,
            float[] c,
            int cStart,
            int cStride,
            boolean resume) {
        switch (height) {
            case 8 ->
                Tile8x2.depthMajor(depth0, depth1, a, aStart, aStride, b, bStart, bStride, c, cStart, cStride, resume);
            case 6 ->
                Tile6x2.depthMajor(depth0, depth1, a, aStart, aStride, b, bStart, bStride, c, cStart, cStride, resume);
            case 4 ->
                Tile4x2.depthMajor(depth0, depth1, a, aStart, aStride, b, bStart, bStride, c, cStart, cStride, resume);
            default ->
                Tile1x2.depthMajor(depth0, depth1, a, aStart, aStride, b, bStart, bStride, c, cStart, cStride, resume);
        }
    }
}
