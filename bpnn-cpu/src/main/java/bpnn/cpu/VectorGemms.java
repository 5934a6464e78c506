package bpnn.cpu;

import java.util.List;

/** The candidates for GEMM in vectors. */
final class VectorGemms {
    private static final int WIDE_BITS = 512;
    private static final int TALL = 8;
    private static final int LOW = 4;

    private static final Packing PACKING = new VectorPacking();
    private static final PackedTile FOUR_BY_TWO = new PackedTile4x2();
    private static final PackedTile SIX_BY_FOUR = new PackedTile6x4();

    private static final GemmCandidate DIRECT_8X2 = direct(TALL);
    private static final GemmCandidate DIRECT_4X2 = direct(LOW);
    private static final GemmCandidate PACKED_6X2 = packed(new PackedTile6x2(), FOUR_BY_TWO);
    private static final GemmCandidate PACKED_4X2 = packed(FOUR_BY_TWO, FOUR_BY_TWO);
    private static final GemmCandidate PACKED_6X4 = packed(SIX_BY_FOUR, SIX_BY_FOUR);

    private VectorGemms() {}

    /** All that may be chosen. */
    static List<GemmCandidate> candidates() {
        return List.of(DIRECT_8X2, DIRECT_4X2, PACKED_6X2, PACKED_4X2, PACKED_6X4);
    }

    /** The plan without measuring: by the number of vector registers, which goes with the length of the vectors. */
    static GemmPlan plan() {
        if (Species.FLOATS.vectorBitSize() >= WIDE_BITS) {
            return GemmPlan.of(DIRECT_8X2);
        }
        return hasManyRegisters() ? GemmPlan.of(PACKED_6X4, DIRECT_8X2) : GemmPlan.of(PACKED_6X2, DIRECT_4X2);
    }

    /** Processors of the x86 family have 32 vector registers only together with vectors of 512 bits. */
    private static boolean hasManyRegisters() {
        String processor = System.getProperty("os.arch", "");
        return !processor.equals("amd64") && !processor.startsWith("x86");
    }

    private static GemmCandidate direct(int mr) {
        return new GemmCandidate(
                "direct " + mr + "x2", pool -> new DirectGemm(pool, () -> new VectorMicroKernel(mr), PACKING));
    }

    private static GemmCandidate packed(PackedTile tile, PackedTile low) {
        String name = "packed " + tile.mr() + "x" + tile.nr() / Species.FLOATS.length();
        return new GemmCandidate(name, pool -> new PackedGemm(pool, tile, low, PACKING));
    }
}
