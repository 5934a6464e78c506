package plugin;

import bpnn.spi.Backend;
import bpnn.spi.Buffer;
import bpnn.spi.ElementType;
import bpnn.spi.HeapBuffer;
import bpnn.spi.Kernels;
import bpnn.spi.Matrix;
import bpnn.spi.Numerics;
import bpnn.spi.Reference;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Right, unless the environment of the machine says that it is to be wrong. */
public final class FaultyBackend implements Backend {
    /** The name of the environment's variable. */
    public static final String VARIABLE = "BPNN_TEST_FAULT";

    private final AtomicInteger live = new AtomicInteger();
    private final boolean wrong = System.getenv(VARIABLE) != null;
    private final Kernels kernels = new Reference(this) {
        @Override
        public void gemm(float alpha, Matrix a, boolean transA, Matrix b, boolean transB, float beta, Matrix c) {
            super.gemm(wrong ? Math.nextUp(alpha) : alpha, a, transA, b, transB, beta, c);
        }
    };

    @Override
    public String id() {
        return "faulty";
    }

    @Override
    public String device() {
        return "a machine";
    }

    @Override
    public Numerics numerics() {
        return Numerics.EXACT;
    }

    @Override
    public Map<String, String> facts() {
        return Map.of();
    }

    @Override
    public Buffer allocate(ElementType type, int length) {
        return new HeapBuffer(type, length, live);
    }

    @Override
    public Kernels kernels() {
        return kernels;
    }

    @Override
    public int liveBuffers() {
        return live.get();
    }

    @Override
    public void close() {
        kernels.scratch().close();
    }
}
