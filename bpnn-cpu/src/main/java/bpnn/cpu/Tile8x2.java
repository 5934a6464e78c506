package bpnn.cpu;

import static bpnn.cpu.Species.FLOATS;

import jdk.incubator.vector.FloatVector;

/**
 * The GEMM micro-kernel with MR = 8 and NR = two vectors.
 *
 * <p>Unrolled by hand: each accumulator must be a local variable to stay in a register. The bounds of the loop over k
 * are parameters, because C2 generates slower address arithmetic for a loop that starts at a constant 0.
 */
final class Tile8x2 {
    private static final int LANES = FLOATS.length();

    private Tile8x2() {}

    /** C += A B with A row-major; see {@link MicroKernel#add}. */
    static void rowMajor(
            int k0,
            int k1,
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
        FloatVector sum0a = resume ? FloatVector.fromArray(FLOATS, c, cStart) : FloatVector.zero(FLOATS);
        FloatVector sum0b = resume ? FloatVector.fromArray(FLOATS, c, cStart + LANES) : FloatVector.zero(FLOATS);
        FloatVector sum1a = resume ? FloatVector.fromArray(FLOATS, c, cStart + cStride) : FloatVector.zero(FLOATS);
        FloatVector sum1b =
                resume ? FloatVector.fromArray(FLOATS, c, cStart + cStride + LANES) : FloatVector.zero(FLOATS);
        FloatVector sum2a = resume ? FloatVector.fromArray(FLOATS, c, cStart + 2 * cStride) : FloatVector.zero(FLOATS);
        FloatVector sum2b =
                resume ? FloatVector.fromArray(FLOATS, c, cStart + 2 * cStride + LANES) : FloatVector.zero(FLOATS);
        FloatVector sum3a = resume ? FloatVector.fromArray(FLOATS, c, cStart + 3 * cStride) : FloatVector.zero(FLOATS);
        FloatVector sum3b =
                resume ? FloatVector.fromArray(FLOATS, c, cStart + 3 * cStride + LANES) : FloatVector.zero(FLOATS);
        FloatVector sum4a = resume ? FloatVector.fromArray(FLOATS, c, cStart + 4 * cStride) : FloatVector.zero(FLOATS);
        FloatVector sum4b =
                resume ? FloatVector.fromArray(FLOATS, c, cStart + 4 * cStride + LANES) : FloatVector.zero(FLOATS);
        FloatVector sum5a = resume ? FloatVector.fromArray(FLOATS, c, cStart + 5 * cStride) : FloatVector.zero(FLOATS);
        FloatVector sum5b =
                resume ? FloatVector.fromArray(FLOATS, c, cStart + 5 * cStride + LANES) : FloatVector.zero(FLOATS);
        FloatVector sum6a = resume ? FloatVector.fromArray(FLOATS, c, cStart + 6 * cStride) : FloatVector.zero(FLOATS);
        FloatVector sum6b =
                resume ? FloatVector.fromArray(FLOATS, c, cStart + 6 * cStride + LANES) : FloatVector.zero(FLOATS);
        FloatVector sum7a = resume ? FloatVector.fromArray(FLOATS, c, cStart + 7 * cStride) : FloatVector.zero(FLOATS);
        FloatVector sum7b =
                resume ? FloatVector.fromArray(FLOATS, c, cStart + 7 * cStride + LANES) : FloatVector.zero(FLOATS);
        int bRow = bStart + k0 * bStride;
        int a1 = aStart + aStride;
        int a2 = aStart + 2 * aStride;
        int a3 = aStart + 3 * aStride;
        int a4 = aStart + 4 * aStride;
        int a5 = aStart + 5 * aStride;
        int a6 = aStart + 6 * aStride;
        int a7 = aStart + 7 * aStride;
        for (int k = k0; k < k1; k++) {
            FloatVector ba = FloatVector.fromArray(FLOATS, b, bRow);
            FloatVector bb = FloatVector.fromArray(FLOATS, b, bRow + LANES);
            FloatVector row0 = FloatVector.broadcast(FLOATS, a[aStart + k]);
            sum0a = row0.fma(ba, sum0a);
            sum0b = row0.fma(bb, sum0b);
            FloatVector row1 = FloatVector.broadcast(FLOATS, a[a1 + k]);
            sum1a = row1.fma(ba, sum1a);
            sum1b = row1.fma(bb, sum1b);
            FloatVector row2 = FloatVector.broadcast(FLOATS, a[a2 + k]);
            sum2a = row2.fma(ba, sum2a);
            sum2b = row2.fma(bb, sum2b);
            FloatVector row3 = FloatVector.broadcast(FLOATS, a[a3 + k]);
            sum3a = row3.fma(ba, sum3a);
            sum3b = row3.fma(bb, sum3b);
            FloatVector row4 = FloatVector.broadcast(FLOATS, a[a4 + k]);
            sum4a = row4.fma(ba, sum4a);
            sum4b = row4.fma(bb, sum4b);
            FloatVector row5 = FloatVector.broadcast(FLOATS, a[a5 + k]);
            sum5a = row5.fma(ba, sum5a);
            sum5b = row5.fma(bb, sum5b);
            FloatVector row6 = FloatVector.broadcast(FLOATS, a[a6 + k]);
            sum6a = row6.fma(ba, sum6a);
            sum6b = row6.fma(bb, sum6b);
            FloatVector row7 = FloatVector.broadcast(FLOATS, a[a7 + k]);
            sum7a = row7.fma(ba, sum7a);
            sum7b = row7.fma(bb, sum7b);
            bRow += bStride;
        }
        sum0a.intoArray(c, cStart);
        sum0b.intoArray(c, cStart + LANES);
        sum1a.intoArray(c, cStart + cStride);
        sum1b.intoArray(c, cStart + cStride + LANES);
        sum2a.intoArray(c, cStart + 2 * cStride);
        sum2b.intoArray(c, cStart + 2 * cStride + LANES);
        sum3a.intoArray(c, cStart + 3 * cStride);
        sum3b.intoArray(c, cStart + 3 * cStride + LANES);
        sum4a.intoArray(c, cStart + 4 * cStride);
        sum4b.intoArray(c, cStart + 4 * cStride + LANES);
        sum5a.intoArray(c, cStart + 5 * cStride);
        sum5b.intoArray(c, cStart + 5 * cStride + LANES);
        sum6a.intoArray(c, cStart + 6 * cStride);
        sum6b.intoArray(c, cStart + 6 * cStride + LANES);
        sum7a.intoArray(c, cStart + 7 * cStride);
        sum7b.intoArray(c, cStart + 7 * cStride + LANES);
    }

    /** C += A B with A column-major; see {@link MicroKernel#add}. */
    static void columnMajor(
            int k0,
            int k1,
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
        FloatVector sum0a = resume ? FloatVector.fromArray(FLOATS, c, cStart) : FloatVector.zero(FLOATS);
        FloatVector sum0b = resume ? FloatVector.fromArray(FLOATS, c, cStart + LANES) : FloatVector.zero(FLOATS);
        FloatVector sum1a = resume ? FloatVector.fromArray(FLOATS, c, cStart + cStride) : FloatVector.zero(FLOATS);
        FloatVector sum1b =
                resume ? FloatVector.fromArray(FLOATS, c, cStart + cStride + LANES) : FloatVector.zero(FLOATS);
        FloatVector sum2a = resume ? FloatVector.fromArray(FLOATS, c, cStart + 2 * cStride) : FloatVector.zero(FLOATS);
        FloatVector sum2b =
                resume ? FloatVector.fromArray(FLOATS, c, cStart + 2 * cStride + LANES) : FloatVector.zero(FLOATS);
        FloatVector sum3a = resume ? FloatVector.fromArray(FLOATS, c, cStart + 3 * cStride) : FloatVector.zero(FLOATS);
        FloatVector sum3b =
                resume ? FloatVector.fromArray(FLOATS, c, cStart + 3 * cStride + LANES) : FloatVector.zero(FLOATS);
        FloatVector sum4a = resume ? FloatVector.fromArray(FLOATS, c, cStart + 4 * cStride) : FloatVector.zero(FLOATS);
        FloatVector sum4b =
                resume ? FloatVector.fromArray(FLOATS, c, cStart + 4 * cStride + LANES) : FloatVector.zero(FLOATS);
        FloatVector sum5a = resume ? FloatVector.fromArray(FLOATS, c, cStart + 5 * cStride) : FloatVector.zero(FLOATS);
        FloatVector sum5b =
                resume ? FloatVector.fromArray(FLOATS, c, cStart + 5 * cStride + LANES) : FloatVector.zero(FLOATS);
        FloatVector sum6a = resume ? FloatVector.fromArray(FLOATS, c, cStart + 6 * cStride) : FloatVector.zero(FLOATS);
        FloatVector sum6b =
                resume ? FloatVector.fromArray(FLOATS, c, cStart + 6 * cStride + LANES) : FloatVector.zero(FLOATS);
        FloatVector sum7a = resume ? FloatVector.fromArray(FLOATS, c, cStart + 7 * cStride) : FloatVector.zero(FLOATS);
        FloatVector sum7b =
                resume ? FloatVector.fromArray(FLOATS, c, cStart + 7 * cStride + LANES) : FloatVector.zero(FLOATS);
        int bRow = bStart + k0 * bStride;
        int aColumn = aStart + k0 * aStride;
        for (int k = k0; k < k1; k++) {
            FloatVector ba = FloatVector.fromArray(FLOATS, b, bRow);
            FloatVector bb = FloatVector.fromArray(FLOATS, b, bRow + LANES);
            FloatVector row0 = FloatVector.broadcast(FLOATS, a[aColumn]);
            sum0a = row0.fma(ba, sum0a);
            sum0b = row0.fma(bb, sum0b);
            FloatVector row1 = FloatVector.broadcast(FLOATS, a[aColumn + 1]);
            sum1a = row1.fma(ba, sum1a);
            sum1b = row1.fma(bb, sum1b);
            FloatVector row2 = FloatVector.broadcast(FLOATS, a[aColumn + 2]);
            sum2a = row2.fma(ba, sum2a);
            sum2b = row2.fma(bb, sum2b);
            FloatVector row3 = FloatVector.broadcast(FLOATS, a[aColumn + 3]);
            sum3a = row3.fma(ba, sum3a);
            sum3b = row3.fma(bb, sum3b);
            FloatVector row4 = FloatVector.broadcast(FLOATS, a[aColumn + 4]);
            sum4a = row4.fma(ba, sum4a);
            sum4b = row4.fma(bb, sum4b);
            FloatVector row5 = FloatVector.broadcast(FLOATS, a[aColumn + 5]);
            sum5a = row5.fma(ba, sum5a);
            sum5b = row5.fma(bb, sum5b);
            FloatVector row6 = FloatVector.broadcast(FLOATS, a[aColumn + 6]);
            sum6a = row6.fma(ba, sum6a);
            sum6b = row6.fma(bb, sum6b);
            FloatVector row7 = FloatVector.broadcast(FLOATS, a[aColumn + 7]);
            sum7a = row7.fma(ba, sum7a);
            sum7b = row7.fma(bb, sum7b);
            bRow += bStride;
            aColumn += aStride;
        }
        sum0a.intoArray(c, cStart);
        sum0b.intoArray(c, cStart + LANES);
        sum1a.intoArray(c, cStart + cStride);
        sum1b.intoArray(c, cStart + cStride + LANES);
        sum2a.intoArray(c, cStart + 2 * cStride);
        sum2b.intoArray(c, cStart + 2 * cStride + LANES);
        sum3a.intoArray(c, cStart + 3 * cStride);
        sum3b.intoArray(c, cStart + 3 * cStride + LANES);
        sum4a.intoArray(c, cStart + 4 * cStride);
        sum4b.intoArray(c, cStart + 4 * cStride + LANES);
        sum5a.intoArray(c, cStart + 5 * cStride);
        sum5b.intoArray(c, cStart + 5 * cStride + LANES);
        sum6a.intoArray(c, cStart + 6 * cStride);
        sum6b.intoArray(c, cStart + 6 * cStride + LANES);
        sum7a.intoArray(c, cStart + 7 * cStride);
        sum7b.intoArray(c, cStart + 7 * cStride + LANES);
    }
}
