package bpnn.cpu;

import static bpnn.cpu.Species.BYTES;
import static bpnn.cpu.Species.FLOATS;
import static bpnn.cpu.Species.INTS;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** {@link ScaleShift} in vectors; the tail in plain Java. */
final class VectorScaleShift extends ScaleShift {
    private static final int LANES = FLOATS.length();
    private static final int BYTE_LANES = BYTES.length();

    @Override
    void convert(byte[] x, int xStart, float scale, float shift, float[] y, int yStart, int count) {
        FloatVector factor = FloatVector.broadcast(FLOATS, scale);
        FloatVector summand = FloatVector.broadcast(FLOATS, shift);
        int done = 0;
        for (; done + BYTE_LANES <= count; done += LANES) {
            ByteVector bytes = ByteVector.fromArray(BYTES, x, xStart + done);
            FloatVector values = (FloatVector) bytes.convertShape(VectorOperators.B2I, INTS, 0)
                    .lanewise(VectorOperators.AND, 0xFF)
                    .convert(VectorOperators.I2F, 0);
            values.fma(factor, summand).intoArray(y, yStart + done);
        }
        super.convert(x, xStart + done, scale, shift, y, yStart + done, count - done);
    }
}
