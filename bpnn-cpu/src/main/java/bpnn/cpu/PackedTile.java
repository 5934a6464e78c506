package bpnn.cpu;

import static bpnn.cpu.Species.FLOATS;

import jdk.incubator.vector.FloatVector;

/**
 * A GEMM micro-kernel for packed operands: a strip of MR rows of A, stored column by column, times a panel of NR columns
 * of B, stored row by row, as in BLIS (Van Zee and van de Geijn, ACM TOMS 41(3), 2015).
 *
 * <p>With 16 vector registers, six rows by two vectors need all but one: twelve sums, two vectors of B and a broadcast of
 * A. C2 keeps to that only if its scheduler does not load several broadcasts ahead, which it stops doing once it counts
 * enough registers in use; {@code alpha} and {@code beta}, needed behind the loop, are counted, too. Strides within the
 * operands are constants, so that the range checks leave the loop.
 */
interface PackedTile {
    /** MR: rows of a strip. */
    int mr();

    /** NR: columns of a panel; a multiple of a vector. */
    int nr();

    /**
     * Sets {@code C = alpha (S + A B) + beta C}, with the product over {@code k0 .. k1 - 1} in ascending order added to S
     * fma by fma. C is not read if {@code beta} is 0.
     *
     * @param sums S: element (i, j) at {@code sumsStart + i * sumsStride + j}
     * @param c element (i, j) at {@code cStart + i * cStride + j}
     */
    void multiply(
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
            int cStride);

    /** Sets a vector of C to {@code scaled + beta C}. */
    static void addScaled(FloatVector scaled, float beta, float[] c, int start) {
        FloatVector.fromArray(FLOATS, c, start)
                .fma(FloatVector.broadcast(FLOATS, beta), scaled)
                .intoArray(c, start);
    }
}
