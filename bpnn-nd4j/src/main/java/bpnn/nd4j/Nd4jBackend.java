package bpnn.nd4j;

import bpnn.spi.Backend;
import bpnn.spi.BackendException;
import bpnn.spi.Buffer;
import bpnn.spi.ElementType;
import bpnn.spi.Numerics;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * ND4J on the CPU; memory is off the Java heap. OpenBLAS has one thread count per process, so of two open backends both
 * multiply with the number of threads of the later one.
 */
final class Nd4jBackend implements Backend {
    private final NativeLibrary library;
    private final LoopThreads threads;
    private final AtomicInteger live = new AtomicInteger();
    private final Nd4jKernels kernels;

    Nd4jBackend(NativeLibrary library, int threads) {
        this.library = library;
        this.threads = new LoopThreads(threads);
        kernels = new Nd4jKernels(this, this.threads);
    }

    @Override
    public String id() {
        return Nd4jBackendProvider.ID;
    }

    @Override
    public String device() {
        return Nd4jBackendProvider.device(threads.maxThreads());
    }

    @Override
    public Numerics numerics() {
        return Numerics.FAST;
    }

    @Override
    public Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("threads", Integer.toString(threads.maxThreads()));
        facts.put("nd4j", library.version());
        facts.put("blas", library.blas());
        return facts;
    }

    @Override
    public Buffer allocate(ElementType type, int length) {
        try {
            return new Nd4jBuffer(type, length, live);
        } catch (OutOfMemoryError | RuntimeException e) {
            throw new BackendException(
                    "ND4J found no room for " + length + " elements of " + type + " off the Java heap", e);
        }
    }

    @Override
    public Nd4jKernels kernels() {
        return kernels;
    }

    @Override
    public int liveBuffers() {
        return live.get();
    }

    @Override
    public void close() {
        kernels.close();
    }
}
