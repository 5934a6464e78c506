package bpnn.cpu;

import java.util.List;

/** The candidates for GEMM in vectors. */
final class VectorGemms {
    private static final int WIDE_BITS = 512;

    private static final PackedTile FOUR_BY_TWO = new PackedTile4x2();
    private static final PackedTile SIX_BY_FOUR = new PackedTile6x4();
    private static final Packing PACKING = new VectorPacking();

    /** Eight rows by two vectors, which takes more than 16 registers. */
    private static final GemmCandidate DIRECT =
            new GemmCandidate("direct 8x2", pool -> new DirectGemm(pool, VectorMicroKernel::new, PACKING));

    private static final GemmCandidate PACKED_6X2 = packed(new PackedTile6x2(), FOUR_BY_TWO);
    private static final GemmCandidate PACKED_4X2 = packed(FOUR_BY_TWO, FOUR_BY_TWO);
    private static final GemmCandidate PACKED_6X4 = packed(SIX_BY_FOUR, SIX_BY_FOUR);

    private VectorGemms() {}

    /** All that may be chosen with vectors of this length; the first one unless measuring shows another to be faster. */
    static List<GemmCandidate> candidates() {
        return Species.FLOATS.vectorBitSize() >= WIDE_BITS
                ? List.of(DIRECT, PACKED_6X2)
                : List.of(PACKED_6X2, PACKED_4X2, PACKED_6X4, DIRECT);
    }

    private static GemmCandidate packed(PackedTile tile, PackedTile low) {
        String name = "packed " + tile.mr() + "x" + tile.nr() / Species.FLOATS.length();
        return new GemmCandidate(name, pool -> new PackedGemm(pool, tile, low, PACKING));
    }
}
