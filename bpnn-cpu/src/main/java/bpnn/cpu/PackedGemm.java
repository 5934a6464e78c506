package bpnn.cpu;

import bpnn.spi.HeapBuffer;
import bpnn.spi.Matrix;
import java.util.Arrays;

/**
 * GEMM with both operands packed: A into strips, B panel by panel. A panel and the strip that it meets lie in the caches,
 * and every stride in the inner loop is a constant. Each thread packs what it needs for itself: a buffer that others read
 * would have to be fetched out of their caches before it can be written again.
 */
final class PackedGemm implements GemmMethod {
    /** What it costs to copy an element, in FMAs of vectors of 256 bits … */
    private static final double COPY_COST = 8;
    /** … and to transpose it. */
    private static final double TRANSPOSE_COST = 19;

    private final WorkerPool pool;
    private final PackedTile tile;
    private final PackedTile low;
    private final Packing packing;
    private final Buffers[] buffers;
    private final float[] zeros;

    /** Buffers of a thread. */
    private static final class Buffers {
        private float[] strips = {};
        private float[] panel = {};
        private float[] sums = {};
        private final float[] edge;

        Buffers(PackedTile tile) {
            edge = new float[AlignedArrays.PADDING + tile.mr() * tile.nr()];
        }
    }

    private record Product(
            Strips strips,
            Matrix a,
            boolean transA,
            Matrix b,
            boolean transB,
            int k,
            float alpha,
            float beta,
            Matrix c,
            Epilogue epilogue) {}

    /**
     * @param tile the tile
     * @param low a lower tile of the same width for the last rows, or the same one
     */
    PackedGemm(WorkerPool pool, PackedTile tile, PackedTile low, Packing packing) {
        this.pool = pool;
        this.tile = tile;
        this.low = low;
        this.packing = packing;
        buffers = new Buffers[pool.threads()];
        Arrays.setAll(buffers, i -> new Buffers(tile));
        zeros = new float[AlignedArrays.PADDING + tile.nr()];
    }

    @Override
    public void multiply(
            float alpha, Matrix a, boolean transA, Matrix b, boolean transB, float beta, Matrix c, Epilogue epilogue) {
        int k = transA ? a.rows() : a.cols();
        Strips strips = new Strips(c.rows(), tile, low);
        Product product = new Product(strips, a, transA, b, transB, k, alpha, beta, c, epilogue);
        int unit = tile.mr();
        double rowCost = transA ? COPY_COST : TRANSPOSE_COST;
        double columnCost = transB ? TRANSPOSE_COST : COPY_COST;
        GemmSplit.run(
                pool,
                strips.count() * unit,
                c.cols(),
                k,
                unit,
                tile.nr(),
                rowCost,
                columnCost,
                (part, row0, row1, column0, column1) ->
                        compute(product, buffers[part], row0 / unit, row1 / unit, column0, column1));
    }

    /** Packs strips of A; the padding of the last one keeps old values. */
    private void packStrips(Product p, Buffers own, int strip0, int strip1) {
        int first = p.strips.start(strip0);
        own.strips = AlignedArrays.atLeast((p.strips.start(strip1) - first + tile.mr()) * p.k, own.strips);
        float[] from = HeapBuffer.floats(p.a);
        int ld = p.a.cols();
        for (int strip = strip0; strip < strip1; strip++) {
            int row = p.strips.start(strip);
            int rows = p.strips.start(strip + 1) - row;
            int target = AlignedArrays.PADDING + (row - first) * p.k;
            int mr = p.strips.tile(strip).mr();
            if (p.transA) {
                packing.copy(p.k, rows, from, p.a.offset() + row, ld, own.strips, target, mr);
            } else {
                packing.transpose(rows, p.k, from, p.a.offset() + row * ld, ld, own.strips, target, mr);
            }
        }
    }

    private void compute(Product p, Buffers own, int strip0, int strip1, int column0, int column1) {
        packStrips(p, own, strip0, strip1);
        int finished = column0;
        for (int column = column0; column < column1; column += tile.nr()) {
            int end = Math.min(column1, column + tile.nr());
            computePanel(p, own, strip0, strip1, column, end - column);
            if (end - finished >= Gemm.EPILOGUE_COLUMNS || end == column1) {
                p.epilogue.apply(p.strips.start(strip0), p.strips.start(strip1), finished, end);
                finished = end;
            }
        }
    }

    private void computePanel(Product p, Buffers own, int strip0, int strip1, int column, int columns) {
        int k0 = 0;
        do {
            int k1 = Math.min(p.k, k0 + Gemm.KC);
            packPanel(p, own, k0, k1 - k0, column, columns);
            for (int strip = strip0; strip < strip1; strip++) {
                multiply(p, own, k0, k1, strip0, strip, column, columns);
            }
            k0 = k1;
        } while (k0 < p.k);
    }

    /** Packs some columns of B into a panel; its padding keeps old values. */
    private void packPanel(Product p, Buffers own, int k0, int depth, int column, int columns) {
        Matrix b = p.b;
        int nr = tile.nr();
        own.panel = AlignedArrays.atLeast(depth * nr, own.panel);
        float[] from = HeapBuffer.floats(b);
        if (p.transB) {
            int start = b.offset() + column * b.cols() + k0;
            packing.transpose(columns, depth, from, start, b.cols(), own.panel, AlignedArrays.PADDING, nr);
        } else {
            int start = b.offset() + k0 * b.cols() + column;
            packing.copy(depth, columns, from, start, b.cols(), own.panel, AlignedArrays.PADDING, nr);
        }
    }

    /** Multiplies a strip with the panel; the sums of all but the last block of k are kept aside. */
    private void multiply(Product p, Buffers own, int k0, int k1, int strip0, int strip, int column, int columns) {
        PackedTile kernel = p.strips.tile(strip);
        int nr = tile.nr();
        int row = p.strips.start(strip);
        int rows = p.strips.start(strip + 1) - row;
        int above = row - p.strips.start(strip0);
        int a = AlignedArrays.PADDING + above * p.k + k0 * kernel.mr();
        int depth = k1 - k0;
        int aside = AlignedArrays.PADDING + above * nr;
        if (depth < p.k) {
            own.sums = AlignedArrays.atLeast((p.c.rows() + tile.mr()) * nr, own.sums);
        }
        boolean first = k0 == 0;
        float[] from = first ? zeros : own.sums;
        int start = first ? AlignedArrays.PADDING : aside;
        int stride = first ? 0 : nr;
        if (k1 < p.k) {
            run(kernel, own, depth, a, from, start, stride, 1, 0, own.sums, aside, nr);
            return;
        }
        float[] c = HeapBuffer.floats(p.c);
        int ld = p.c.cols();
        int target = p.c.offset() + row * ld + column;
        if (rows == kernel.mr() && columns == nr) {
            run(kernel, own, depth, a, from, start, stride, p.alpha, p.beta, c, target, ld);
            return;
        }
        // Only a part of this tile belongs to C.
        int edge = AlignedArrays.PADDING;
        if (p.beta != 0) {
            copyRows(rows, columns, c, target, ld, own.edge, edge, nr);
        }
        run(kernel, own, depth, a, from, start, stride, p.alpha, p.beta, own.edge, edge, nr);
        copyRows(rows, columns, own.edge, edge, nr, c, target, ld);
    }

    private static void copyRows(
            int rows, int columns, float[] from, int fromStart, int fromStride, float[] to, int toStart, int toStride) {
        for (int i = 0; i < rows; i++) {
            System.arraycopy(from, fromStart + i * fromStride, to, toStart + i * toStride, columns);
        }
    }

    private static void run(
            PackedTile kernel,
            Buffers own,
            int depth,
            int a,
            float[] sums,
            int sumsStart,
            int sumsStride,
            float alpha,
            float beta,
            float[] c,
            int cStart,
            int cStride) {
        kernel.multiply(
                0,
                depth,
                own.strips,
                a,
                own.panel,
                AlignedArrays.PADDING,
                sums,
                sumsStart,
                sumsStride,
                alpha,
                beta,
                c,
                cStart,
                cStride);
    }
}
