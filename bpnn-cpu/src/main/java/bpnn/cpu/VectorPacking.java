package bpnn.cpu;

import static bpnn.cpu.Species.FLOATS;

import jdk.incubator.vector.FloatVector;

/**
 * {@link Packing} that copies pairs of vectors. It transposes in plain Java: shuffles are slow on JDK 17, which checks their
 * indices in a loop, and a second length of vectors makes it keep many of them on the heap.
 */
final class VectorPacking extends Packing {
    private static final int LANES = FLOATS.length();

    @Override
    void copy(
            int rows, int columns, float[] from, int fromStart, int fromStride, float[] to, int toStart, int toStride) {
        int paired = columns - columns % (2 * LANES);
        for (int j = 0; j < paired; j += 2 * LANES) {
            twoVectors(rows, from, fromStart + j, fromStride, to, toStart + j, toStride);
        }
        if (paired < columns) {
            super.copy(rows, columns - paired, from, fromStart + paired, fromStride, to, toStart + paired, toStride);
        }
    }

    private static void twoVectors(
            int rows, float[] from, int fromStart, int fromStride, float[] to, int toStart, int toStride) {
        int source = fromStart;
        int target = toStart;
        for (int i = 0; i < rows; i++) {
            FloatVector.fromArray(FLOATS, from, source).intoArray(to, target);
            FloatVector.fromArray(FLOATS, from, source + LANES).intoArray(to, target + LANES);
            source += fromStride;
            target += toStride;
        }
    }
}
