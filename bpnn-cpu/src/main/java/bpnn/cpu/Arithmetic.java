package bpnn.cpu;

import java.util.function.Supplier;

/**
 * The inner loops of one kind: all in plain Java or all in vectors, with the same bits.
 *
 * @param name for people
 * @param tiles makes the product's kernels for a thread
 */
record Arithmetic(
        String name,
        Supplier<Tiles> tiles,
        Elementwise elementwise,
        RowLoops rowLoops,
        Gather gather,
        Masks masks,
        Updates updates) {

    /** In plain Java. */
    static Arithmetic scalar() {
        return new Arithmetic(
                "scalar code",
                ScalarTiles::new,
                new Elementwise(),
                new RowLoops(),
                new Gather(),
                new Masks(),
                new Updates());
    }

    /** With the Vector API, whose module must be there. */
    static Arithmetic vector() {
        return new Arithmetic(
                "vectors of " + Lanes.FLOATS.vectorBitSize() + " bits",
                VectorTiles::new,
                new VectorElementwise(),
                new VectorRowLoops(),
                new VectorGather(),
                Lanes.LONGS.length() < VectorMasks.FEWEST_LANES ? new Masks() : new VectorMasks(),
                new VectorUpdates());
    }
}
