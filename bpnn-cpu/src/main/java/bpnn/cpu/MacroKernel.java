package bpnn.cpu;

import bpnn.spi.HeapBuffer;

/** Computes one thread's block of a GEMM, panel by panel of B, with its own packing buffers. */
final class MacroKernel {
    private final MicroKernel microKernel;
    private final Packing packing;
    private final Panel panel = new Panel();
    private float[] sums = {};
    private float[] packed = {};

    MacroKernel(MicroKernel microKernel, Packing packing) {
        this.microKernel = microKernel;
        this.packing = packing;
    }

    /** Computes rows {@code row0 .. row1 - 1}, columns {@code column0 .. column1 - 1}, and applies the epilogue. */
    void compute(GemmProblem p, int row0, int row1, int column0, int column1) {
        int finished = column0;
        for (int column = column0; column < column1; column += microKernel.nr()) {
            int end = Math.min(column1, column + microKernel.nr());
            computePanel(p, row0, row1, column, end);
            if (end - finished >= Gemm.EPILOGUE_COLUMNS || end == column1) {
                p.finish(row0, row1, finished, end);
                finished = end;
            }
        }
    }

    private void computePanel(GemmProblem p, int row0, int row1, int column0, int column1) {
        int columns = column1 - column0;
        int width = Gemm.roundUp(columns, microKernel.lanes());
        selectPanel(p, column0, columns, width);
        if (!p.transposed() && p.beta() == 0 && width == columns) {
            float[] c = HeapBuffer.floats(p.c());
            int start = p.indexOfC(row0, column0);
            int stride = p.c().cols();
            add(p, row0, row1, width, c, start, stride);
            scale(p.alpha(), row1 - row0, width, c, start, stride);
        } else {
            sums = AlignedArrays.atLeast((row1 - row0) * width, sums);
            add(p, row0, row1, width, sums, AlignedArrays.PADDING, width);
            scale(p.alpha(), row1 - row0, width, sums, AlignedArrays.PADDING, width);
            store(p, row0, row1, column0, column1, width);
        }
    }

    private void add(GemmProblem p, int row0, int row1, int width, float[] c, int cStart, int cStride) {
        int k = 0;
        do {
            int end = Math.min(p.k(), k + Gemm.KC);
            microKernel.add(p.a(), row0, row1, k, end, width, panel, c, cStart, cStride, k > 0);
            k = end;
        } while (k < p.k());
    }

    private void selectPanel(GemmProblem p, int column0, int columns, int width) {
        OperandB b = p.b();
        if (b.packed()) {
            panel.set(b.values(), b.start() + column0 * p.k(), b.stride());
        } else if (columns < width) {
            pack(b, p.k(), column0, columns, width);
            panel.set(packed, AlignedArrays.PADDING, width);
        } else {
            panel.set(b.values(), b.start() + column0, b.stride());
        }
    }

    /** Packs some columns of B into a panel of {@code width} columns; the padding keeps old values. */
    private void pack(OperandB b, int depth, int column0, int columns, int width) {
        packed = AlignedArrays.atLeast(depth * width, packed);
        int start = b.start() + column0;
        packing.copy(depth, columns, b.values(), start, b.stride(), packed, AlignedArrays.PADDING, width);
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

    /** Stores finished sums in C, transposed if need be. */
    private void store(GemmProblem p, int row0, int row1, int column0, int column1, int width) {
        float[] c = HeapBuffer.floats(p.c());
        int stride = p.c().cols();
        int start = p.indexOfC(row0, column0);
        if (p.beta() == 0 && p.transposed()) {
            packing.transpose(row1 - row0, column1 - column0, sums, AlignedArrays.PADDING, width, c, start, stride);
            return;
        }
        for (int i = 0; i < row1 - row0; i++) {
            for (int j = 0; j < column1 - column0; j++) {
                int at = start + (p.transposed() ? j * stride + i : i * stride + j);
                float sum = sums[AlignedArrays.PADDING + i * width + j];
                c[at] = p.beta() == 0 ? sum : Math.fma(p.beta(), c[at], sum);
            }
        }
    }
}
