package plugin;

import bpnn.spi.Backend;
import bpnn.spi.Matrix;
import bpnn.spi.Reference;

/** Right, unless the environment of the machine says that they are to be wrong. */
public final class FaultyKernels extends Reference {
    /** The name of the environment's variable. */
    public static final String VARIABLE = "BPNN_TEST_FAULT";

    private final boolean wrong = System.getenv(VARIABLE) != null;

    public FaultyKernels(Backend backend) {
        super(backend);
    }

    @Override
    public void gemm(float alpha, Matrix a, boolean transA, Matrix b, boolean transB, float beta, Matrix c) {
        super.gemm(wrong ? Math.nextUp(alpha) : alpha, a, transA, b, transB, beta, c);
    }
}
