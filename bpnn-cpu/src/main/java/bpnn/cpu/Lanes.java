package bpnn.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** The one vector shape of this JVM; constants, since only then does the compiler turn vectors into registers. */
final class Lanes {
    /** Vectors of float32. */
    static final VectorSpecies<Float> FLOATS = floats(Width.requested());

    /** Vectors of 32-bit integers, as many as of float32. */
    static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, FLOATS.vectorShape());
    /** Vectors of 64-bit integers, half as many as of float32. */
    static final VectorSpecies<Long> LONGS = VectorSpecies.of(long.class, FLOATS.vectorShape());
    /** Vectors of bytes: as many as of float32, or where there is no such shape, the shortest. */
    static final VectorSpecies<Byte> BYTES =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, FLOATS.length() * Byte.SIZE)));

    private Lanes() {}

    private static VectorSpecies<Float> floats(Width width) {
        return width.bits() > 0
                ? VectorSpecies.of(float.class, VectorShape.forBitSize(width.bits()))
                : FloatVector.SPECIES_PREFERRED;
    }
}
