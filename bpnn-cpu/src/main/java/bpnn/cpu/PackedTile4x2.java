package bpnn.cpu;

import static bpnn.cpu.Species.FLOATS;

import jdk.incubator.vector.FloatVector;

/** The {@link PackedTile} with MR = 4 and NR = two vectors, unrolled by hand so that each sum stays in a register. */
final class PackedTile4x2 implements PackedTile {
    private static final int LANES = FLOATS.length();
    private static final int MR = 4;
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
        } else {
            PackedTile.addScaled(sum0a.mul(alpha), beta, c, cStart);
            PackedTile.addScaled(sum0b.mul(alpha), beta, c, cStart + LANES);
            PackedTile.addScaled(sum1a.mul(alpha), beta, c, cStart + cStride);
            PackedTile.addScaled(sum1b.mul(alpha), beta, c, cStart + cStride + LANES);
            PackedTile.addScaled(sum2a.mul(alpha), beta, c, cStart + 2 * cStride);
            PackedTile.addScaled(sum2b.mul(alpha), beta, c, cStart + 2 * cStride + LANES);
            PackedTile.addScaled(sum3a.mul(alpha), beta, c, cStart + 3 * cStride);
            PackedTile.addScaled(sum3b.mul(alpha), beta, c, cStart + 3 * cStride + LANES);
        }
    }
}
