package bpnn.cpu;

/**
 * Kernels of the Vector API: tiles two vectors wide, of 8 rows where a vector has 512 bits, since such processors have 32
 * vector registers, and of 6 rows otherwise. What is left over goes through smaller tiles, and a last column block of
 * one vector through tiles of that width.
 */
final class VectorTiles implements Tiles {
    private static final int LANES = Lanes.FLOATS.length();
    private static final int ROWS = Lanes.FLOATS.vectorBitSize() >= 512 ? 8 : 6;
    private static final int NARROW_ROWS = 8;
    private static final int SMALL_ROWS = 4;

    @Override
    public int rows() {
        return ROWS;
    }

    @Override
    public int columns() {
        return LANES;
    }

    @Override
    public int stripColumns() {
        return 2 * LANES;
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
            int left = a.index(row, 0);
            int target = cStart + (row - row0) * cStride;
            if (columns == LANES) {
                height = row1 - row >= NARROW_ROWS ? NARROW_ROWS : 1;
                narrow(height, depth0, depth1, a, left, b, c, target, cStride, resume);
            } else {
                height = row1 - row >= ROWS ? ROWS : row1 - row >= SMALL_ROWS ? SMALL_ROWS : 1;
                wide(height, depth0, depth1, a, left, b, c, target, cStride, resume);
            }
        }
    }

    private static void wide(
            int height,
            int depth0,
            int depth1,
            Left left,
            int aStart,
            Strip right,
            float[] c,
            int cStart,
            int cStride,
            boolean resume) {
        float[] a = left.values();
        int aStride = left.stride();
        float[] b = right.values();
        int bStart = right.start();
        int bStride = right.stride();
        if (left.depthMajor()) {
            switch (height) {
                case 8 ->
                    Tile8x2.depthMajor(
                            depth0, depth1, a, aStart, aStride, b, bStart, bStride, c, cStart, cStride, resume);
                case 6 ->
                    Tile6x2.depthMajor(
                            depth0, depth1, a, aStart, aStride, b, bStart, bStride, c, cStart, cStride, resume);
                case 4 ->
                    Tile4x2.depthMajor(
                            depth0, depth1, a, aStart, aStride, b, bStart, bStride, c, cStart, cStride, resume);
                default ->
                    Tile1x2.depthMajor(
                            depth0, depth1, a, aStart, aStride, b, bStart, bStride, c, cStart, cStride, resume);
            }
        } else {
            switch (height) {
                case 8 ->
                    Tile8x2.rowMajor(
                            depth0, depth1, a, aStart, aStride, b, bStart, bStride, c, cStart, cStride, resume);
                case 6 ->
                    Tile6x2.rowMajor(
                            depth0, depth1, a, aStart, aStride, b, bStart, bStride, c, cStart, cStride, resume);
                case 4 ->
                    Tile4x2.rowMajor(
                            depth0, depth1, a, aStart, aStride, b, bStart, bStride, c, cStart, cStride, resume);
                default ->
                    Tile1x2.rowMajor(
                            depth0, depth1, a, aStart, aStride, b, bStart, bStride, c, cStart, cStride, resume);
            }
        }
    }

    private static void narrow(
            int height,
            int depth0,
            int depth1,
            Left left,
            int aStart,
            Strip right,
            float[] c,
            int cStart,
            int cStride,
            boolean resume) {
        float[] a = left.values();
        int aStride = left.stride();
        float[] b = right.values();
        int bStart = right.start();
        int bStride = right.stride();
        if (left.depthMajor()) {
            if (height == NARROW_ROWS) {
                Tile8x1.depthMajor(depth0, depth1, a, aStart, aStride, b, bStart, bStride, c, cStart, cStride, resume);
            } else {
                Tile1x1.depthMajor(depth0, depth1, a, aStart, aStride, b, bStart, bStride, c, cStart, cStride, resume);
            }
        } else if (height == NARROW_ROWS) {
            Tile8x1.rowMajor(depth0, depth1, a, aStart, aStride, b, bStart, bStride, c, cStart, cStride, resume);
        } else {
            Tile1x1.rowMajor(depth0, depth1, a, aStart, aStride, b, bStart, bStride, c, cStart, cStride, resume);
        }
    }
}
