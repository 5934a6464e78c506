package bpnn.cpu;

import static bpnn.cpu.Species.FLOATS;

import jdk.incubator.vector.FloatVector;

/**
 * {@link Packing} that copies vectors. It transposes in plain Java: shuffles are slow on JDK 17, which checks their
 * indices in a loop, and a second length of vectors makes it keep many of them on the heap.
 */
final class VectorPacking extends Packing {
    private static final int LANES = FLOATS.length();

    @Override
    void copy(
            int rows, int columns, float[] from, int fromStart, int fromStride, float[] to, int toStart, int toStride) {
        if (columns == toStride && columns > LANES / 2 && columns < LANES) {
            strip(rows, columns, from, fromStart, fromStride, to, toStart);
            return;
        }
        int paired = columns - columns % (2 * LANES);
        for (int j = 0; j < paired; j += 2 * LANES) {
            twoVectors(rows, from, fromStart + j, fromStride, to, toStart + j, toStride);
        }
        if (paired < columns) {
            super.copy(rows, columns - paired, from, fromStart + paired, fromStride, to, toStart + paired, toStride);
        }
    }

    /**
     * Copies rows of less than a vector one behind the other, each with a whole vector, whose end the next row overwrites.
     * The last rows, whose vectors would not end within the strip or the matrix, are copied without.
     */
    private void strip(int rows, int columns, float[] from, int fromStart, int fromStride, float[] to, int toStart) {
        int whole = Math.max(0, rows - 1);
        while (whole > 0 && fromStart + (whole - 1) * fromStride + LANES > from.length) {
            whole--;
        }
        partVectorRows(whole, columns, from, fromStart, fromStride, to, toStart);
        int source = fromStart + whole * fromStride;
        super.copy(rows - whole, columns, from, source, fromStride, to, toStart + whole * columns, columns);
    }

    private static void partVectorRows(
            int rows, int columns, float[] from, int fromStart, int fromStride, float[] to, int toStart) {
        int source = fromStart;
        int target = toStart;
        for (int i = 0; i < rows; i++) {
            FloatVector.fromArray(FLOATS, from, source).intoArray(to, target);
            source += fromStride;
            target += columns;
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
