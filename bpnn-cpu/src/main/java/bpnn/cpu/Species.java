package bpnn.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** The vector species of this JVM; constants, because the JIT keeps vectors in registers only if the species is one. */
final class Species {
    /** Vectors of float32. */
    static final VectorSpecies<Float> FLOATS = floats(VectorWidth.requested());

    /** Vectors of 32-bit integers, as many lanes as float32. */
    static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, FLOATS.vectorShape());
    /** Vectors of 64-bit integers, half as many lanes as float32. */
    static final VectorSpecies<Long> LONGS = VectorSpecies.of(long.class, FLOATS.vectorShape());
    /** Vectors of bytes: as many lanes as float32, or the shortest shape if there is none that short. */
    static final VectorSpecies<Byte> BYTES =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, FLOATS.length() * Byte.SIZE)));

    private Species() {}

    private static VectorSpecies<Float> floats(VectorWidth width) {
        return width.bits() > 0
                ? VectorSpecies.of(float.class, VectorShape.forBitSize(width.bits()))
                : FloatVector.SPECIES_PREFERRED;
    }
}
