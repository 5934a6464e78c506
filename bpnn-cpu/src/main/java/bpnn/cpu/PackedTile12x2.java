package bpnn.cpu;

import static bpnn.cpu.Species.FLOATS;

import jdk.incubator.vector.FloatVector;

/** The {@link PackedTile} with MR = 12 and NR = two vectors, unrolled by hand so that each sum stays in a register. */
final class PackedTile12x2 implements PackedTile {
    private static final int LANES = FLOATS.length();
    private static final int MR = 12;
    private static final int NR = 2 * LANES;

    @Override
    public int mr() {
        return MR;
    }

    @Override
    public int nr() {
        return NR;
    }

    @Override
    public void multiply(
            int k0,
            int k1,
            float[] a,
            int aStart,
            float[] b,
            int bStart,
            float[] sums,
            int sumsStart,
            int sumsStride,
            float alpha,
            float beta,
            float[] c,
            int cStart,
            int cStride) {
        run(k0, k1, a, aStart, b, bStart, sums, sumsStart, sumsStride, alpha, beta, c, cStart, cStride);
    }

    private static void run(
            int k0,
            int k1,
            float[] a,
            int aStart,
            float[] b,
            int bStart,
            float[] sums,
            int sumsStart,
            int sumsStride,
            float alpha,
            float beta,
            float[] c,
            int cStart,
            int cStride) {
        FloatVector sum0a = FloatVector.fromArray(FLOATS, sums, sumsStart);
        FloatVector sum0b = FloatVector.fromArray(FLOATS, sums, sumsStart + LANES);
        FloatVector sum1a = FloatVector.fromArray(FLOATS, sums, sumsStart + sumsStride);
        FloatVector sum1b = FloatVector.fromArray(FLOATS, sums, sumsStart + sumsStride + LANES);
        FloatVector sum2a = FloatVector.fromArray(FLOATS, sums, sumsStart + 2 * sumsStride);
        FloatVector sum2b = FloatVector.fromArray(FLOATS, sums, sumsStart + 2 * sumsStride + LANES);
        FloatVector sum3a = FloatVector.fromArray(FLOATS, sums, sumsStart + 3 * sumsStride);
        FloatVector sum3b = FloatVector.fromArray(FLOATS, sums, sumsStart + 3 * sumsStride + LANES);
        FloatVector sum4a = FloatVector.fromArray(FLOATS, sums, sumsStart + 4 * sumsStride);
        FloatVector sum4b = FloatVector.fromArray(FLOATS, sums, sumsStart + 4 * sumsStride + LANES);
        FloatVector sum5a = FloatVector.fromArray(FLOATS, sums, sumsStart + 5 * sumsStride);
        FloatVector sum5b = FloatVector.fromArray(FLOATS, sums, sumsStart + 5 * sumsStride + LANES);
        FloatVector sum6a = FloatVector.fromArray(FLOATS, sums, sumsStart + 6 * sumsStride);
        FloatVector sum6b = FloatVector.fromArray(FLOATS, sums, sumsStart + 6 * sumsStride + LANES);
        FloatVector sum7a = FloatVector.fromArray(FLOATS, sums, sumsStart + 7 * sumsStride);
        FloatVector sum7b = FloatVector.fromArray(FLOATS, sums, sumsStart + 7 * sumsStride + LANES);
        FloatVector sum8a = FloatVector.fromArray(FLOATS, sums, sumsStart + 8 * sumsStride);
        FloatVector sum8b = FloatVector.fromArray(FLOATS, sums, sumsStart + 8 * sumsStride + LANES);
        FloatVector sum9a = FloatVector.fromArray(FLOATS, sums, sumsStart + 9 * sumsStride);
        FloatVector sum9b = FloatVector.fromArray(FLOATS, sums, sumsStart + 9 * sumsStride + LANES);
        FloatVector sum10a = FloatVector.fromArray(FLOATS, sums, sumsStart + 10 * sumsStride);
        FloatVector sum10b = FloatVector.fromArray(FLOATS, sums, sumsStart + 10 * sumsStride + LANES);
        FloatVector sum11a = FloatVector.fromArray(FLOATS, sums, sumsStart + 11 * sumsStride);
        FloatVector sum11b = FloatVector.fromArray(FLOATS, sums, sumsStart + 11 * sumsStride + LANES);
        for (int k = k0; k < k1; k++) {
            FloatVector ba = FloatVector.fromArray(FLOATS, b, bStart + k * NR);
            FloatVector bb = FloatVector.fromArray(FLOATS, b, bStart + k * NR + LANES);
            FloatVector row0 = FloatVector.broadcast(FLOATS, a[aStart + k * MR]);
            sum0a = row0.fma(ba, sum0a);
            sum0b = row0.fma(bb, sum0b);
            FloatVector row1 = FloatVector.broadcast(FLOATS, a[aStart + k * MR + 1]);
            sum1a = row1.fma(ba, sum1a);
            sum1b = row1.fma(bb, sum1b);
            FloatVector row2 = FloatVector.broadcast(FLOATS, a[aStart + k * MR + 2]);
            sum2a = row2.fma(ba, sum2a);
            sum2b = row2.fma(bb, sum2b);
            FloatVector row3 = FloatVector.broadcast(FLOATS, a[aStart + k * MR + 3]);
            sum3a = row3.fma(ba, sum3a);
            sum3b = row3.fma(bb, sum3b);
            FloatVector row4 = FloatVector.broadcast(FLOATS, a[aStart + k * MR + 4]);
            sum4a = row4.fma(ba, sum4a);
            sum4b = row4.fma(bb, sum4b);
            FloatVector row5 = FloatVector.broadcast(FLOATS, a[aStart + k * MR + 5]);
            sum5a = row5.fma(ba, sum5a);
            sum5b = row5.fma(bb, sum5b);
            FloatVector row6 = FloatVector.broadcast(FLOATS, a[aStart + k * MR + 6]);
            sum6a = row6.fma(ba, sum6a);
            sum6b = row6.fma(bb, sum6b);
            FloatVector row7 = FloatVector.broadcast(FLOATS, a[aStart + k * MR + 7]);
            sum7a = row7.fma(ba, sum7a);
            sum7b = row7.fma(bb, sum7b);
            FloatVector row8 = FloatVector.broadcast(FLOATS, a[aStart + k * MR + 8]);
            sum8a = row8.fma(ba, sum8a);
            sum8b = row8.fma(bb, sum8b);
            FloatVector row9 = FloatVector.broadcast(FLOATS, a[aStart + k * MR + 9]);
            sum9a = row9.fma(ba, sum9a);
            sum9b = row9.fma(bb, sum9b);
            FloatVector row10 = FloatVector.broadcast(FLOATS, a[aStart + k * MR + 10]);
            sum10a = row10.fma(ba, sum10a);
            sum10b = row10.fma(bb, sum10b);
            FloatVector row11 = FloatVector.broadcast(FLOATS, a[aStart + k * MR + 11]);
            sum11a = row11.fma(ba, sum11a);
            sum11b = row11.fma(bb, sum11b);
        }
        if (beta == 0) {
            sum0a.mul(alpha).intoArray(c, cStart);
            sum0b.mul(alpha).intoArray(c, cStart + LANES);
            sum1a.mul(alpha).intoArray(c, cStart + cStride);
            sum1b.mul(alpha).intoArray(c, cStart + cStride + LANES);
            sum2a.mul(alpha).intoArray(c, cStart + 2 * cStride);
            sum2b.mul(alpha).intoArray(c, cStart + 2 * cStride + LANES);
            sum3a.mul(alpha).intoArray(c, cStart + 3 * cStride);
            sum3b.mul(alpha).intoArray(c, cStart + 3 * cStride + LANES);
            sum4a.mul(alpha).intoArray(c, cStart + 4 * cStride);
            sum4b.mul(alpha).intoArray(c, cStart + 4 * cStride + LANES);
            sum5a.mul(alpha).intoArray(c, cStart + 5 * cStride);
            sum5b.mul(alpha).intoArray(c, cStart + 5 * cStride + LANES);
            sum6a.mul(alpha).intoArray(c, cStart + 6 * cStride);
            sum6b.mul(alpha).intoArray(c, cStart + 6 * cStride + LANES);
            sum7a.mul(alpha).intoArray(c, cStart + 7 * cStride);
            sum7b.mul(alpha).intoArray(c, cStart + 7 * cStride + LANES);
            sum8a.mul(alpha).intoArray(c, cStart + 8 * cStride);
            sum8b.mul(alpha).intoArray(c, cStart + 8 * cStride + LANES);
            sum9a.mul(alpha).intoArray(c, cStart + 9 * cStride);
            sum9b.mul(alpha).intoArray(c, cStart + 9 * cStride + LANES);
            sum10a.mul(alpha).intoArray(c, cStart + 10 * cStride);
            sum10b.mul(alpha).intoArray(c, cStart + 10 * cStride + LANES);
            sum11a.mul(alpha).intoArray(c, cStart + 11 * cStride);
            sum11b.mul(alpha).intoArray(c, cStart + 11 * cStride + LANES);
        } else {
            PackedTile.addScaled(sum0a.mul(alpha), beta, c, cStart);
            PackedTile.addScaled(sum0b.mul(alpha), beta, c, cStart + LANES);
            PackedTile.addScaled(sum1a.mul(alpha), beta, c, cStart + cStride);
            PackedTile.addScaled(sum1b.mul(alpha), beta, c, cStart + cStride + LANES);
            PackedTile.addScaled(sum2a.mul(alpha), beta, c, cStart + 2 * cStride);
            PackedTile.addScaled(sum2b.mul(alpha), beta, c, cStart + 2 * cStride + LANES);
            PackedTile.addScaled(sum3a.mul(alpha), beta, c, cStart + 3 * cStride);
            PackedTile.addScaled(sum3b.mul(alpha), beta, c, cStart + 3 * cStride + LANES);
            PackedTile.addScaled(sum4a.mul(alpha), beta, c, cStart + 4 * cStride);
            PackedTile.addScaled(sum4b.mul(alpha), beta, c, cStart + 4 * cStride + LANES);
            PackedTile.addScaled(sum5a.mul(alpha), beta, c, cStart + 5 * cStride);
            PackedTile.addScaled(sum5b.mul(alpha), beta, c, cStart + 5 * cStride + LANES);
            PackedTile.addScaled(sum6a.mul(alpha), beta, c, cStart + 6 * cStride);
            PackedTile.addScaled(sum6b.mul(alpha), beta, c, cStart + 6 * cStride + LANES);
            PackedTile.addScaled(sum7a.mul(alpha), beta, c, cStart + 7 * cStride);
            PackedTile.addScaled(sum7b.mul(alpha), beta, c, cStart + 7 * cStride + LANES);
            PackedTile.addScaled(sum8a.mul(alpha), beta, c, cStart + 8 * cStride);
            PackedTile.addScaled(sum8b.mul(alpha), beta, c, cStart + 8 * cStride + LANES);
            PackedTile.addScaled(sum9a.mul(alpha), beta, c, cStart + 9 * cStride);
            PackedTile.addScaled(sum9b.mul(alpha), beta, c, cStart + 9 * cStride + LANES);
            PackedTile.addScaled(sum10a.mul(alpha), beta, c, cStart + 10 * cStride);
            PackedTile.addScaled(sum10b.mul(alpha), beta, c, cStart + 10 * cStride + LANES);
            PackedTile.addScaled(sum11a.mul(alpha), beta, c, cStart + 11 * cStride);
            PackedTile.addScaled(sum11b.mul(alpha), beta, c, cStart + 11 * cStride + LANES);
        }
    }
}
