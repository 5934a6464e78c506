package bpnn.cpu;

/**
 * Micro-kernels of the Vector API: NR is two vectors, MR is 8, or 4 where 16 registers must suffice. Edges use smaller
 * tiles, and a last panel of one vector uses tiles of that width.
 */
final class VectorMicroKernel implements MicroKernel {
    private static final int LANES = Species.FLOATS.length();
    private static final int NARROW_MR = 8;
    private static final int EDGE_MR = 4;

    private final int mr;

    /** @param mr rows of the largest tile: 8 or 4 */
    VectorMicroKernel(int mr) {
        this.mr = mr;
    }

    @Override
    public int mr() {
        return mr;
    }

    @Override
    public int lanes() {
        return LANES;
    }

    @Override
    public int nr() {
        return 2 * LANES;
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
        int height;
        for (int row = row0; row < row1; row += height) {
            int left = a.index(row, 0);
            int target = cStart + (row - row0) * cStride;
            if (columns == LANES) {
                height = row1 - row >= NARROW_MR ? NARROW_MR : 1;
                narrow(height, k0, k1, a, left, b, c, target, cStride, resume);
            } else {
                height = row1 - row >= mr ? mr : row1 - row >= EDGE_MR ? EDGE_MR : 1;
                wide(height, k0, k1, a, left, b, c, target, cStride, resume);
            }
        }
    }

    private static void wide(
            int height,
            int k0,
            int k1,
            OperandA left,
            int aStart,
            Panel right,
            float[] c,
            int cStart,
            int cStride,
            boolean resume) {
        float[] a = left.values();
        int aStride = left.stride();
        float[] b = right.values();
        int bStart = right.start();
        int bStride = right.stride();
        if (left.columnMajor()) {
            switch (height) {
                case 8 ->
                    Tile8x2.columnMajor(k0, k1, a, aStart, aStride, b, bStart, bStride, c, cStart, cStride, resume);
                case 4 ->
                    Tile4x2.columnMajor(k0, k1, a, aStart, aStride, b, bStart, bStride, c, cStart, cStride, resume);
                default ->
                    Tile1x2.columnMajor(k0, k1, a, aStart, aStride, b, bStart, bStride, c, cStart, cStride, resume);
            }
        } else {
            switch (height) {
                case 8 -> Tile8x2.rowMajor(k0, k1, a, aStart, aStride, b, bStart, bStride, c, cStart, cStride, resume);
                case 4 -> Tile4x2.rowMajor(k0, k1, a, aStart, aStride, b, bStart, bStride, c, cStart, cStride, resume);
                default -> Tile1x2.rowMajor(k0, k1, a, aStart, aStride, b, bStart, bStride, c, cStart, cStride, resume);
            }
        }
    }

    private static void narrow(
            int height,
            int k0,
            int k1,
            OperandA left,
            int aStart,
            Panel right,
            float[] c,
            int cStart,
            int cStride,
            boolean resume) {
        float[] a = left.values();
        int aStride = left.stride();
        float[] b = right.values();
        int bStart = right.start();
        int bStride = right.stride();
        if (left.columnMajor()) {
            if (height == NARROW_MR) {
                Tile8x1.columnMajor(k0, k1, a, aStart, aStride, b, bStart, bStride, c, cStart, cStride, resume);
            } else {
                Tile1x1.columnMajor(k0, k1, a, aStart, aStride, b, bStart, bStride, c, cStart, cStride, resume);
            }
        } else if (height == NARROW_MR) {
            Tile8x1.rowMajor(k0, k1, a, aStart, aStride, b, bStart, bStride, c, cStart, cStride, resume);
        } else {
            Tile1x1.rowMajor(k0, k1, a, aStart, aStride, b, bStart, bStride, c, cStart, cStride, resume);
        }
    }
}
