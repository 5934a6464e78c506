package bpnn.cpu;

import bpnn.spi.Backend;
import bpnn.spi.BackendException;
import bpnn.spi.Buffer;
import bpnn.spi.ElementType;
import bpnn.spi.HeapBuffer;
import bpnn.spi.Kernels;
import bpnn.spi.Numerics;
import bpnn.spi.Step;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The CPU with its threads; memory is the Java heap. */
final class CpuBackend implements Backend {
    private final Numerics numerics;
    private final Arithmetic arithmetic;
    private final WorkerPool pool;
    private final Kernels kernels;
    private final AtomicInteger live = new AtomicInteger();
    private final @Nullable WarmUp warmUp;

    /**
     * @param numerics the numerics requested; the arithmetic is exact in either case, since exactness costs nothing
     *     here
     * @param threads number of compute threads
     * @param warmUp stopped at the first {@link #record}; null for none
     */
    CpuBackend(Numerics numerics, int threads, Arithmetic arithmetic, @Nullable WarmUp warmUp) {
        this.numerics = numerics;
        this.arithmetic = arithmetic;
        pool = new WorkerPool(threads);
        kernels = new CpuKernels(this, pool, arithmetic);
        this.warmUp = warmUp;
    }

    @Override
    public String id() {
        return CpuBackendProvider.ID;
    }

    @Override
    public String device() {
        return Processor.description() + ", " + arithmetic.name();
    }

    @Override
    public Numerics numerics() {
        return numerics;
    }

    @Override
    public Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("threads", Integer.toString(pool.threads()));
        facts.put("arithmetic", arithmetic.name());
        return facts;
    }

    @Override
    public Buffer allocate(ElementType type, int length) {
        try {
            return new HeapBuffer(type, length, live);
        } catch (OutOfMemoryError e) {
            throw new BackendException(
                    "There is no room for " + length + " elements of " + type + " on the Java heap of "
                            + (Runtime.getRuntime().maxMemory() >> 20) + " MiB; raise it with -Xmx",
                    e);
        }
    }

    @Override
    public int alignmentPadding(ElementType type) {
        return type == ElementType.FLOAT32 ? AlignedArrays.PADDING : 0;
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
    public Step record(Runnable step) {
        stopWarmUp();
        return Step.eager(step);
    }

    private void stopWarmUp() {
        if (warmUp != null) {
            warmUp.stop();
        }
    }

    @Override
    public void close() {
        stopWarmUp();
        kernels.scratch().close();
        pool.close();
    }
}
