package bpnn.tck.oracle;

import bpnn.spi.Backend;
import bpnn.spi.Buffer;
import bpnn.spi.ElementType;
import bpnn.spi.HeapBuffer;
import bpnn.spi.Kernels;
import bpnn.spi.Numerics;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * A backend whose float32 buffers hold float64 values and whose primitives compute in float64; the fused kernels are
 * the composed ones. It allows numerical differentiation of the training code to many digits.
 */
public final class Float64Backend implements Backend {
    private final AtomicInteger live = new AtomicInteger();
    private final Kernels kernels;

    public Float64Backend() {
        this(Float64Kernels::new);
    }

    /** @param kernels creates the kernels: {@link BoundedKernels}, or ones with injected bugs */
    public Float64Backend(Function<Backend, Kernels> kernels) {
        this.kernels = kernels.apply(this);
    }

    @Override
    public String id() {
        return "float64";
    }

    @Override
    public String device() {
        return "plain Java in float64";
    }

    @Override
    public Numerics numerics() {
        return Numerics.FAST;
    }

    @Override
    public Map<String, String> facts() {
        return Map.of();
    }

    @Override
    public Buffer allocate(ElementType type, int length) {
        return type == ElementType.FLOAT32 ? new Float64Buffer(length, live) : new HeapBuffer(type, length, live);
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
