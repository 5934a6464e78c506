package bpnn.spi;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The backend that computes with {@link Reference}: the baseline for exactness and the smallest example of a backend.
 * It is not offered to users, who have {@code cpu}.
 */
public final class ReferenceBackend implements Backend {
    private final AtomicInteger live = new AtomicInteger();
    private final Kernels kernels;

    /** Opens the backend; always available. */
    public ReferenceBackend() {
        this.kernels = new Reference(this);
    }

    @Override
    public String id() {
        return "reference";
    }

    @Override
    public String device() {
        return "plain Java";
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
