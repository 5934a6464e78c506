package bpnn.cpu;

import java.util.List;

/**
 * One set of inner loops, all in plain Java or all in vectors, with the same bits.
 *
 * @param name for display
 * @param gemms candidates for GEMM
 * @param plan which of them compute which products
 */
record Arithmetic(
        String name,
        List<GemmCandidate> gemms,
        GemmPlan plan,
        Elementwise elementwise,
        RowLoops rowLoops,
        ScaleShift scaleShift,
        DropoutMasks masks,
        Distortions distortions,
        Updates updates) {

    /** The same with another plan for GEMM. */
    Arithmetic with(GemmPlan other) {
        return new Arithmetic(name, gemms, other, elementwise, rowLoops, scaleShift, masks, distortions, updates);
    }

    /** In plain Java. */
    static Arithmetic scalar() {
        GemmCandidate gemm =
                new GemmCandidate("direct", pool -> new DirectGemm(pool, ScalarMicroKernel::new, new Packing()));
        return new Arithmetic(
                "scalar code",
                List.of(gemm),
                GemmPlan.of(gemm),
                new Elementwise(),
                new RowLoops(),
                new ScaleShift(),
                new DropoutMasks(),
                new Distortions(),
                new Updates());
    }

    /** With the Vector API, whose module must be loaded. */
    static Arithmetic vector() {
        return new Arithmetic(
                "vectors of " + Species.FLOATS.vectorBitSize() + " bits",
                VectorGemms.candidates(),
                VectorGemms.plan(),
                new VectorElementwise(),
                new VectorRowLoops(),
                new VectorScaleShift(),
                Species.LONGS.length() < VectorDropoutMasks.MIN_LANES ? new DropoutMasks() : new VectorDropoutMasks(),
                new VectorDistortions(),
                new VectorUpdates());
    }
}
