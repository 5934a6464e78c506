package bpnn.cpu;

import bpnn.spi.HeapBuffer;

/** Computes one thread's share of a product, strip by strip of its columns, with working memory of its own. */
final class Strips {
    /** In a deeper product, the strip of the right operand that the kernels sweep over would leave the cache. */
    private static final int PANEL_DEPTH = 1024;

    /** Where vectors are short, a strip is one cache line of each row; with this depth and so many rows, it pays to copy it. */
    private static final int PACKING = 96;

    /** After how many columns the epilogue gets its turn: long rows for it, and still in the second-level cache. */
    private static final int FINISHED_COLUMNS = 256;

    private final Tiles tiles;
    private final Strip strip = new Strip();
    private float[] sums = {};
    private float[] packed = {};

    Strips(Tiles tiles) {
        this.tiles = tiles;
    }

    /** Computes rows {@code row0 .. row1 - 1}, columns {@code column0 .. column1 - 1}, and what comes after. */
    void compute(Product p, int row0, int row1, int column0, int column1) {
        int finished = column0;
        for (int column = column0; column < column1; column += tiles.stripColumns()) {
            int end = Math.min(column1, column + tiles.stripColumns());
            computeStrip(p, row0, row1, column, end);
            if (end - finished >= FINISHED_COLUMNS || end == column1) {
                p.finish(row0, row1, finished, end);
                finished = end;
            }
        }
    }

    private void computeStrip(Product p, int row0, int row1, int column0, int column1) {
        int columns = column1 - column0;
        int width = roundUp(columns, tiles.columns());
        moveTo(p, row1 - row0, column0, columns, width);
        if (!p.swapped() && p.beta() == 0 && width == columns) {
            float[] c = HeapBuffer.floats(p.result());
            int start = p.resultIndex(row0, column0);
            int stride = p.result().cols();
            add(p, row0, row1, width, c, start, stride);
            scale(p.alpha(), row1 - row0, width, c, start, stride);
        } else {
            sums = CacheLine.atLeast((row1 - row0) * width, sums);
            add(p, row0, row1, width, sums, CacheLine.LEAD, width);
            scale(p.alpha(), row1 - row0, width, sums, CacheLine.LEAD, width);
            store(p, row0, row1, column0, column1, width);
        }
    }

    private void add(Product p, int row0, int row1, int width, float[] c, int cStart, int cStride) {
        int depth = 0;
        do {
            int end = Math.min(p.depth(), depth + PANEL_DEPTH);
            tiles.add(p.left(), row0, row1, depth, end, width, strip, c, cStart, cStride, depth > 0);
            depth = end;
        } while (depth < p.depth());
    }

    private void moveTo(Product p, int rows, int column0, int columns, int width) {
        Right right = p.right();
        boolean packing = tiles.needsRows() && p.depth() >= PACKING && rows >= PACKING;
        if (right.inStrips()) {
            strip.move(right.values(), right.start() + column0 * p.depth(), right.stride());
        } else if (columns < width || packing) {
            pack(right, p.depth(), column0, columns, width);
            strip.move(packed, CacheLine.LEAD, width);
        } else {
            strip.move(right.values(), right.start() + column0, right.stride());
        }
    }

    /** Copies some columns, with anything behind them up to {@code width} columns. */
    private void pack(Right right, int depth, int column0, int columns, int width) {
        packed = CacheLine.atLeast(depth * width, packed);
        for (int k = 0; k < depth; k++) {
            int target = CacheLine.LEAD + k * width;
            System.arraycopy(right.values(), right.start() + k * right.stride() + column0, packed, target, columns);
        }
    }

    private static void scale(float alpha, int rows, int columns, float[] c, int start, int stride) {
        if (alpha != 1) {
            for (int i = 0; i < rows; i++) {
                for (int j = start + i * stride, end = j + columns; j < end; j++) {
                    c[j] *= alpha;
                }
            }
        }
    }

    /** Brings finished sums to where they belong in the result. */
    private void store(Product p, int row0, int row1, int column0, int column1, int width) {
        float[] c = HeapBuffer.floats(p.result());
        int stride = p.result().cols();
        int start = p.resultIndex(row0, column0);
        if (p.beta() == 0 && p.swapped()) {
            Transposition.apply(row1 - row0, column1 - column0, sums, CacheLine.LEAD, width, c, start, stride);
            return;
        }
        for (int i = 0; i < row1 - row0; i++) {
            for (int j = 0; j < column1 - column0; j++) {
                int at = start + (p.swapped() ? j * stride + i : i * stride + j);
                float sum = sums[CacheLine.LEAD + i * width + j];
                c[at] = p.beta() == 0 ? sum : Math.fma(p.beta(), c[at], sum);
            }
        }
    }

    static int roundUp(int value, int unit) {
        return (value + unit - 1) / unit * unit;
    }
}
