package bpnn.cuda;

import bpnn.spi.Backend;
import bpnn.spi.BackendException;
import bpnn.spi.Buffer;
import bpnn.spi.ElementType;
import bpnn.spi.Kernels;
import bpnn.spi.Numerics;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** An open GPU. */
final class CudaBackend implements Backend {
    private final Numerics numerics;
    private final Gpu gpu;
    private final Staging staging;
    private final CudaKernels kernels;
    private final Map<String, String> facts;
    private final AtomicInteger live = new AtomicInteger();
    private final List<RecordedStep> steps = new ArrayList<>();
    /** What is to be given back, the last taken first. */
    private final Deque<AutoCloseable> taken = new ArrayDeque<>();

    /** JCuda must be loaded. */
    CudaBackend(CudaDevice device, Numerics numerics, boolean tf32, Store store) {
        this.numerics = numerics;
        KernelCompiler compiler = new KernelCompiler(store);
        byte[] cubin = compiler.compile(device.architecture());
        facts = new LinkedHashMap<>(device.facts());
        facts.put("nvrtc", compiler.version());
        gpu = new Gpu(device);
        boolean opened = false;
        try {
            taken.push(gpu);
            staging = taken(new Staging(gpu));
            Program program = taken(new Program(gpu, cubin));
            Launch launch = new Launch(gpu);
            Product tiled = new TiledProduct(program, launch, device.multiprocessors());
            Product product = numerics == Numerics.EXACT ? tiled : cublas(tf32, tiled);
            kernels = new CudaKernels(this, program, product, launch, device.multiprocessors());
            opened = true;
        } finally {
            if (!opened) {
                giveBack();
            }
        }
    }

    private Product cublas(boolean tf32, Product withoutDepth) {
        CublasProduct cublas = taken(new CublasProduct(gpu, tf32, withoutDepth));
        facts.put("cublas", cublas.version());
        facts.put("products", tf32 ? "TF32" : "float32");
        return cublas;
    }

    private <T extends AutoCloseable> T taken(T resource) {
        taken.push(resource);
        return resource;
    }

    @Override
    public String id() {
        return CudaBackendProvider.ID;
    }

    @Override
    public String device() {
        return gpu.device().description();
    }

    @Override
    public Numerics numerics() {
        return numerics;
    }

    @Override
    public Map<String, String> facts() {
        return Collections.unmodifiableMap(facts);
    }

    @Override
    public Buffer allocate(ElementType type, int length) {
        return new DeviceBuffer(gpu, staging, type, length, live);
    }

    @Override
    public Kernels kernels() {
        return kernels;
    }

    @Override
    public void synchronize() {
        gpu.synchronize();
    }

    @Override
    public int liveBuffers() {
        return live.get();
    }

    @Override
    public Runnable record(Runnable step) {
        RecordedStep recorded = new RecordedStep(gpu, step);
        steps.add(recorded);
        return recorded;
    }

    @Override
    public void close() {
        if (!taken.isEmpty()) {
            steps.forEach(RecordedStep::close);
            kernels.scratch().close();
            giveBack();
        }
    }

    private void giveBack() {
        while (!taken.isEmpty()) {
            try {
                taken.pop().close();
            } catch (BackendException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException("Nothing else is thrown by what was taken", e);
            }
        }
    }
}
