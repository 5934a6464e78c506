package bpnn.tck.oracle;

import static bpnn.tck.oracle.Float64Buffer.values;

import bpnn.random.RandomStream;
import bpnn.spi.Backend;
import bpnn.spi.Matrix;
import bpnn.spi.UnaryOp;

/**
 * Float64 kernels that perturb every result by a random part of its float32 rounding error (Monte Carlo arithmetic: D.
 * S. Parker, 1997). Where worst-case bounds become useless, as over many training steps, the spread of a few such runs
 * still shows the effect of rounding.
 */
public final class NoisyKernels extends BoundedKernels {
    private final RandomStream random;

    /** @param random generates the perturbations, uniform in [-1, 1) of the bound */
    public NoisyKernels(Backend backend, RandomStream random) {
        super(backend);
        this.random = random;
    }

    /** A square that underflows may have been perturbed to below 0, where its root is not defined. */
    @Override
    public void map(UnaryOp op, Matrix x, Matrix y) {
        for (int i = x.offset(); i < x.offset() + x.size() && op == UnaryOp.SQRT; i++) {
            double value = values(x)[i];
            if (value < 0 && value > -Float.MIN_NORMAL) {
                values(x)[i] = 0;
            }
        }
        super.map(op, x, y);
    }

    @Override
    void store(Matrix y, double[] computed) {
        for (int i = 0; i < computed.length; i++) {
            values(y)[y.offset() + i] += computed[i] * random.nextFloat(-1, 1);
        }
        super.store(y, new double[computed.length]);
    }
}
