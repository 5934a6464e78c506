package bpnn.cpu;

import java.util.function.Supplier;

/**
 * One set of inner loops, all in plain Java or all in vectors, with the same bits.
 *
 * @param name for display
 * @param microKernel creates a GEMM micro-kernel for a thread
 */
record Arithmetic(
        String name,
        Supplier<MicroKernel> microKernel,
        Elementwise elementwise,
        RowLoops rowLoops,
        ScaleShift scaleShift,
        DropoutMasks masks,
        Updates updates) {

    /** In plain Java. */
    static Arithmetic scalar() {
        return new Arithmetic(
                "scalar code",
                ScalarMicroKernel::new,
                new Elementwise(),
                new RowLoops(),
                new ScaleShift(),
                new DropoutMasks(),
                new Updates());
    }

    /** With the Vector API, whose module must be loaded. */
    static Arithmetic vector() {
        return new Arithmetic(
                "vectors of " + Species.FLOATS.vectorBitSize() + " bits",
                VectorMicroKernel::new,
                new VectorElementwise(),
                new VectorRowLoops(),
                new VectorScaleShift(),
                Species.LONGS.length() < VectorDropoutMasks.MIN_LANES ? new DropoutMasks() : new VectorDropoutMasks(),
                new VectorUpdates());
    }
}
