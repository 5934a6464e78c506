package example.plain;

import bpnn.spi.Backend;
import bpnn.spi.Buffer;
import bpnn.spi.ElementType;
import bpnn.spi.Kernels;
import bpnn.spi.Numerics;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** An open backend: it hands out memory and knows its kernels. */
final class PlainBackend implements Backend {
    private final AtomicInteger live = new AtomicInteger();
    private final Kernels kernels = new PlainKernels(this);

    @Override
    public String id() {
        return PlainProvider.ID;
    }

    @Override
    public String device() {
        return PlainProvider.DEVICE;
    }

    /** Its sums and functions are not bit for bit those of the reference. */
    @Override
    public Numerics numerics() {
        return Numerics.FAST;
    }

    @Override
    public Map<String, String> facts() {
        return Map.of("threads", "1");
    }

    @Override
    public Buffer allocate(ElementType type, int length) {
        return new PlainBuffer(type, length, live);
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
