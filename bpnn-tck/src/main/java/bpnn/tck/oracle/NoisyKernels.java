package bpnn.tck.oracle;

import static bpnn.tck.oracle.Float64Buffer.values;

import bpnn.random.RandomStream;
import bpnn.spi.Backend;
import bpnn.spi.Matrix;

/**
 * Float64 kernels that move every result by a random part of what float32 may err there (Monte Carlo arithmetic: D. S.
 * Parker, 1997). Where a bound that assumes the worst of every rounding becomes useless, as over the steps of a
 * training, the spread of a few such runs still says what roundings do to a result.
 */
public final class NoisyKernels extends BoundedKernels {
    private final RandomStream random;

    /** @param random draws the part, uniform in [-1, 1) */
    public NoisyKernels(Backend backend, RandomStream random) {
        super(backend);
        this.random = random;
    }

    @Override
    void store(Matrix y, double[] computed) {
        for (int i = 0; i < computed.length; i++) {
            values(y)[y.offset() + i] += computed[i] * random.nextFloat(-1, 1);
        }
        super.store(y, new double[computed.length]);
    }
}
