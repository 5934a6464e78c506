package bpnn.cpu;

import static bpnn.cpu.Species.FLOATS;

import jdk.incubator.vector.FloatVector;

/** The {@link PackedTile} with MR = 6 and NR = four vectors, unrolled by hand so that each sum stays in a register. */
final class PackedTile6x4 implements PackedTile {
    private static final int LANES = FLOATS.length();
    private static final int MR = 6;
    private static final int NR = 4 * LANES;

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
        FloatVector sum0c = FloatVector.fromArray(FLOATS, sums, sumsStart + 2 * LANES);
        FloatVector sum0d = FloatVector.fromArray(FLOATS, sums, sumsStart + 3 * LANES);
        FloatVector sum1a = FloatVector.fromArray(FLOATS, sums, sumsStart + sumsStride);
        FloatVector sum1b = FloatVector.fromArray(FLOATS, sums, sumsStart + sumsStride + LANES);
        FloatVector sum1c = FloatVector.fromArray(FLOATS, sums, sumsStart + sumsStride + 2 * LANES);
        FloatVector sum1d = FloatVector.fromArray(FLOATS, sums, sumsStart + sumsStride + 3 * LANES);
        FloatVector sum2a = FloatVector.fromArray(FLOATS, sums, sumsStart + 2 * sumsStride);
        FloatVector sum2b = FloatVector.fromArray(FLOATS, sums, sumsStart + 2 * sumsStride + LANES);
        FloatVector sum2c = FloatVector.fromArray(FLOATS, sums, sumsStart + 2 * sumsStride + 2 * LANES);
        FloatVector sum2d = FloatVector.fromArray(FLOATS, sums, sumsStart + 2 * sumsStride + 3 * LANES);
        FloatVector sum3a = FloatVector.fromArray(FLOATS, sums, sumsStart + 3 * sumsStride);
        FloatVector sum3b = FloatVector.fromArray(FLOATS, sums, sumsStart + 3 * sumsStride + LANES);
        FloatVector sum3c = FloatVector.fromArray(FLOATS, sums, sumsStart + 3 * sumsStride + 2 * LANES);
        FloatVector sum3d = FloatVector.fromArray(FLOATS, sums, sumsStart + 3 * sumsStride + 3 * LANES);
        FloatVector sum4a = FloatVector.fromArray(FLOATS, sums, sumsStart + 4 * sumsStride);
        FloatVector sum4b = FloatVector.fromArray(FLOATS, sums, sumsStart + 4 * sumsStride + LANES);
        FloatVector sum4c = FloatVector.fromArray(FLOATS, sums, sumsStart + 4 * sumsStride + 2 * LANES);
        FloatVector sum4d = FloatVector.fromArray(FLOATS, sums, sumsStart + 4 * sumsStride + 3 * LANES);
        FloatVector sum5a = FloatVector.fromArray(FLOATS, sums, sumsStart + 5 * sumsStride);
        FloatVector sum5b = FloatVector.fromArray(FLOATS, sums, sumsStart + 5 * sumsStride + LANES);
        FloatVector sum5c = FloatVector.fromArray(FLOATS, sums, sumsStart + 5 * sumsStride + 2 * LANES);
        FloatVector sum5d = FloatVector.fromArray(FLOATS, sums, sumsStart + 5 * sumsStride + 3 * LANES);
        for (int k = k0; k < k1; k++) {
            FloatVector ba = FloatVector.fromArray(FLOATS, b, bStart + k * NR);
            FloatVector bb = FloatVector.fromArray(FLOATS, b, bStart + k * NR + LANES);
            FloatVector bc = FloatVector.fromArray(FLOATS, b, bStart + k * NR + 2 * LANES);
            FloatVector bd = FloatVector.fromArray(FLOATS, b, bStart + k * NR + 3 * LANES);
            FloatVector row0 = FloatVector.broadcast(FLOATS, a[aStart + k * MR]);
            sum0a = row0.fma(ba, sum0a);
            sum0b = row0.fma(bb, sum0b);
            sum0c = row0.fma(bc, sum0c);
            sum0d = row0.fma(bd, sum0d);
            FloatVector row1 = FloatVector.broadcast(FLOATS, a[aStart + k * MR + 1]);
            sum1a = row1.fma(ba, sum1a);
            sum1b = row1.fma(bb, sum1b);
            sum1c = row1.fma(bc, sum1c);
            sum1d = row1.fma(bd, sum1d);
            FloatVector row2 = FloatVector.broadcast(FLOATS, a[aStart + k * MR + 2]);
            sum2a = row2.fma(ba, sum2a);
            sum2b = row2.fma(bb, sum2b);
            sum2c = row2.fma(bc, sum2c);
            sum2d = row2.fma(bd, sum2d);
            FloatVector row3 = FloatVector.broadcast(FLOATS, a[aStart + k * MR + 3]);
            sum3a = row3.fma(ba, sum3a);
            sum3b = row3.fma(bb, sum3b);
            sum3c = row3.fma(bc, sum3c);
            sum3d = row3.fma(bd, sum3d);
            FloatVector row4 = FloatVector.broadcast(FLOATS, a[aStart + k * MR + 4]);
            sum4a = row4.fma(ba, sum4a);
            sum4b = row4.fma(bb, sum4b);
            sum4c = row4.fma(bc, sum4c);
            sum4d = row4.fma(bd, sum4d);
            FloatVector row5 = FloatVector.broadcast(FLOATS, a[aStart + k * MR + 5]);
            sum5a = row5.fma(ba, sum5a);
            sum5b = row5.fma(bb, sum5b);
            sum5c = row5.fma(bc, sum5c);
            sum5d = row5.fma(bd, sum5d);
        }
        if (beta == 0) {
            sum0a.mul(alpha).intoArray(c, cStart);
            sum0b.mul(alpha).intoArray(c, cStart + LANES);
            sum0c.mul(alpha).intoArray(c, cStart + 2 * LANES);
            sum0d.mul(alpha).intoArray(c, cStart + 3 * LANES);
            sum1a.mul(alpha).intoArray(c, cStart + cStride);
            sum1b.mul(alpha).intoArray(c, cStart + cStride + LANES);
            sum1c.mul(alpha).intoArray(c, cStart + cStride + 2 * LANES);
            sum1d.mul(alpha).intoArray(c, cStart + cStride + 3 * LANES);
            sum2a.mul(alpha).intoArray(c, cStart + 2 * cStride);
            sum2b.mul(alpha).intoArray(c, cStart + 2 * cStride + LANES);
            sum2c.mul(alpha).intoArray(c, cStart + 2 * cStride + 2 * LANES);
            sum2d.mul(alpha).intoArray(c, cStart + 2 * cStride + 3 * LANES);
            sum3a.mul(alpha).intoArray(c, cStart + 3 * cStride);
            sum3b.mul(alpha).intoArray(c, cStart + 3 * cStride + LANES);
            sum3c.mul(alpha).intoArray(c, cStart + 3 * cStride + 2 * LANES);
            sum3d.mul(alpha).intoArray(c, cStart + 3 * cStride + 3 * LANES);
            sum4a.mul(alpha).intoArray(c, cStart + 4 * cStride);
            sum4b.mul(alpha).intoArray(c, cStart + 4 * cStride + LANES);
            sum4c.mul(alpha).intoArray(c, cStart + 4 * cStride + 2 * LANES);
            sum4d.mul(alpha).intoArray(c, cStart + 4 * cStride + 3 * LANES);
            sum5a.mul(alpha).intoArray(c, cStart + 5 * cStride);
            sum5b.mul(alpha).intoArray(c, cStart + 5 * cStride + LANES);
            sum5c.mul(alpha).intoArray(c, cStart + 5 * cStride + 2 * LANES);
            sum5d.mul(alpha).intoArray(c, cStart + 5 * cStride + 3 * LANES);
        } else {
            PackedTile.addScaled(sum0a.mul(alpha), beta, c, cStart);
            PackedTile.addScaled(sum0b.mul(alpha), beta, c, cStart + LANES);
            PackedTile.addScaled(sum0c.mul(alpha), beta, c, cStart + 2 * LANES);
            PackedTile.addScaled(sum0d.mul(alpha), beta, c, cStart + 3 * LANES);
            PackedTile.addScaled(sum1a.mul(alpha), beta, c, cStart + cStride);
            PackedTile.addScaled(sum1b.mul(alpha), beta, c, cStart + cStride + LANES);
            PackedTile.addScaled(sum1c.mul(alpha), beta, c, cStart + cStride + 2 * LANES);
            PackedTile.addScaled(sum1d.mul(alpha), beta, c, cStart + cStride + 3 * LANES);
            PackedTile.addScaled(sum2a.mul(alpha), beta, c, cStart + 2 * cStride);
            PackedTile.addScaled(sum2b.mul(alpha), beta, c, cStart + 2 * cStride + LANES);
            PackedTile.addScaled(sum2c.mul(alpha), beta, c, cStart + 2 * cStride + 2 * LANES);
            PackedTile.addScaled(sum2d.mul(alpha), beta, c, cStart + 2 * cStride + 3 * LANES);
            PackedTile.addScaled(sum3a.mul(alpha), beta, c, cStart + 3 * cStride);
            PackedTile.addScaled(sum3b.mul(alpha), beta, c, cStart + 3 * cStride + LANES);
            PackedTile.addScaled(sum3c.mul(alpha), beta, c, cStart + 3 * cStride + 2 * LANES);
            PackedTile.addScaled(sum3d.mul(alpha), beta, c, cStart + 3 * cStride + 3 * LANES);
            PackedTile.addScaled(sum4a.mul(alpha), beta, c, cStart + 4 * cStride);
            PackedTile.addScaled(sum4b.mul(alpha), beta, c, cStart + 4 * cStride + LANES);
            PackedTile.addScaled(sum4c.mul(alpha), beta, c, cStart + 4 * cStride + 2 * LANES);
            PackedTile.addScaled(sum4d.mul(alpha), beta, c, cStart + 4 * cStride + 3 * LANES);
            PackedTile.addScaled(sum5a.mul(alpha), beta, c, cStart + 5 * cStride);
            PackedTile.addScaled(sum5b.mul(alpha), beta, c, cStart + 5 * cStride + LANES);
            PackedTile.addScaled(sum5c.mul(alpha), beta, c, cStart + 5 * cStride + 2 * LANES);
            PackedTile.addScaled(sum5d.mul(alpha), beta, c, cStart + 5 * cStride + 3 * LANES);
        }
    }
}
