package bpnn.tck;

import bpnn.random.Purpose;
import bpnn.random.RandomStream;
import bpnn.spi.Backend;
import bpnn.spi.ElementType;
import bpnn.spi.Kernels;
import bpnn.spi.Matrix;
import bpnn.tck.oracle.BoundedKernels;
import bpnn.tck.oracle.Float64Backend;
import bpnn.tck.oracle.Float64Buffer;
import bpnn.tck.oracle.NoisyKernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** The expected results of a call, from its definition in float64, and bounds of the float32 error. */
final class Oracle {
    /**
     * The true results of a call.
     *
     * @param values of each operand, in the order of the call
     * @param bounds error bound of each element; 0 if the value must be exact
     */
    record Truth(List<double[]> values, List<double[]> bounds) {}

    private Oracle() {}

    /** The true results with worst-case error bounds. */
    static Truth of(KernelCall call) {
        return of(call, BoundedKernels::new);
    }

    /** The results of a run with random roundings of float32 magnitude. */
    static Truth noisy(KernelCall call, int run) {
        RandomStream random = new RandomStream(Conformance.STANDARD_SEED, Purpose.STATISTICS, 0, run);
        return of(call, backend -> new NoisyKernels(backend, random));
    }

    private static Truth of(KernelCall call, Function<Backend, Kernels> kernels) {
        try (Float64Backend backend = new Float64Backend(kernels);
                PlacedCall placed = new PlacedCall(backend, call, Placement.PLAIN, null)) {
            call.definition().on(backend.kernels(), placed.matrices());
            List<double[]> values = new ArrayList<>();
            List<double[]> bounds = new ArrayList<>();
            for (Matrix matrix : placed.matrices()) {
                if (matrix.buffer().type() == ElementType.FLOAT32) {
                    values.add(Arrays.copyOf(Float64Buffer.values(matrix), matrix.size()));
                    bounds.add(Arrays.copyOf(Float64Buffer.bounds(matrix), matrix.size()));
                } else {
                    values.add(widened(PlacedCall.download(matrix.buffer()), matrix.size()));
                    bounds.add(new double[matrix.size()]);
                }
            }
            return new Truth(values, bounds);
        }
    }

    private static double[] widened(float[] values, int count) {
        double[] result = new double[count];
        for (int i = 0; i < count; i++) {
            result[i] = values[i];
        }
        return result;
    }
}
