package bpnn.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** The one vector shape of this JVM; constants, since only then does the compiler turn vectors into registers. */
final class Lanes {
    /** Vectors of float32. */
    static final VectorSpecies<Float> FLOATS = floats(Width.requested());

    private Lanes() {}

    private static VectorSpecies<Float> floats(Width width) {
        return width.bits() > 0
                ? VectorSpecies.of(float.class, VectorShape.forBitSize(width.bits()))
                : FloatVector.SPECIES_PREFERRED;
    }
}
