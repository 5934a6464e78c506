package bpnn.tck;

import bpnn.spi.Backend;
import bpnn.spi.Buffer;
import bpnn.spi.ElementType;
import bpnn.spi.HeapBuffer;
import bpnn.spi.Kernels;
import bpnn.spi.Numerics;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** The reference backend with other, possibly faulty, kernels. */
public class FaultyBackend implements Backend {
    private final AtomicInteger live = new AtomicInteger();
    private final String id;
    private final Numerics numerics;
    private final Kernels kernels;

    FaultyBackend(Numerics numerics, Function<Backend, Kernels> kernels) {
        this("faulty", numerics, kernels);
    }

    public FaultyBackend(String id, Numerics numerics, Function<Backend, Kernels> kernels) {
        this.id = id;
        this.numerics = numerics;
        this.kernels = kernels.apply(this);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String device() {
        return "plain Java";
    }

    @Override
    public Numerics numerics() {
        return numerics;
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
