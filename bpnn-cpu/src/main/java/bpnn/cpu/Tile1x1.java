package bpnn.cpu;

import static bpnn.cpu.Species.FLOATS;

import jdk.incubator.vector.FloatVector;

/**
 * The GEMM micro-kernel with MR = 1 and NR = one vector.
 *
 * <p>Unrolled by hand: each accumulator must be a local variable to stay in a register. The bounds of the loop over k
 * are parameters, because C2 generates slower address arithmetic for a loop that starts at a constant 0.
 */
final class Tile1x1 {
    private Tile1x1() {}

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
        int bRow = bStart + k0 * bStride;
        for (int k = k0; k < k1; k++) {
            FloatVector ba = FloatVector.fromArray(FLOATS, b, bRow);
            FloatVector row0 = FloatVector.broadcast(FLOATS, a[aStart + k]);
            sum0a = row0.fma(ba, sum0a);
            bRow += bStride;
        }
        sum0a.intoArray(c, cStart);
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
        int bRow = bStart + k0 * bStride;
        int aColumn = aStart + k0 * aStride;
        for (int k = k0; k < k1; k++) {
            FloatVector ba = FloatVector.fromArray(FLOATS, b, bRow);
            FloatVector row0 = FloatVector.broadcast(FLOATS, a[aColumn]);
            sum0a = row0.fma(ba, sum0a);
            bRow += bStride;
            aColumn += aStride;
        }
        sum0a.intoArray(c, cStart);
    }
}
