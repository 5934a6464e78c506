package bpnn.cuda;

import bpnn.spi.Backend;
import bpnn.spi.BackendException;
import bpnn.spi.Buffer;
import bpnn.spi.ElementType;
import bpnn.spi.Kernels;
import bpnn.spi.Numerics;
import bpnn.spi.Step;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** An open GPU. */
final class CudaBackend implements Backend {
    private final Numerics numerics;
    private final Gpu gpu;
    private final Staging staging;
    private final CudaKernels kernels;
    private final Map<String, String> facts;
    private final AtomicInteger live = new AtomicInteger();
    /** Release actions of all resources; the last acquired is released first. */
    private final Deque<Runnable> resources = new ArrayDeque<>();

    /** JCuda must be loaded. */
    CudaBackend(CudaDevice device, Numerics numerics, boolean tf32, FileCache store) {
        this.numerics = numerics;
        KernelCompiler compiler = new KernelCompiler(store);
        int parts = numerics == Numerics.EXACT || !device.hasTensorCores() ? 0 : tf32 ? 1 : 3;
        byte[] cubin = compiler.compile(device.architecture(), parts);
        facts = new LinkedHashMap<>(device.facts());
        facts.put("nvrtc", compiler.version());
        gpu = new Gpu(device);
        boolean opened = false;
        try {
            resources.push(gpu::close);
            staging = register(new Staging(gpu), Staging::close);
            Program program = register(new Program(gpu, cubin), Program::close);
            Launch launch = new Launch(gpu);
            Gemm tiled = new TiledGemm(program, launch, device.multiprocessors(), parts == 0);
            Gemm gemm = numerics == Numerics.EXACT ? tiled : cublas(tf32, tiled);
            if (numerics == Numerics.FAST) {
                facts.put("products", products(parts, tf32));
            }
            Tile.Choice tiles = parts == 0 ? Tile.Choice.exact() : Tile.Choice.tensor();
            PartialTiles partials = register(
                    new PartialTiles(gpu, parts == 0 ? null : tiles.largeWeights(), device.multiprocessors()),
                    PartialTiles::close);
            kernels = new CudaKernels(this, program, gemm, launch, tiles, partials, device.multiprocessors());
            gpu.onFlush(kernels.queue()::launch);
            resources.push(kernels.scratch()::close);
            opened = true;
        } finally {
            if (!opened) {
                releaseAll();
            }
        }
    }

    private Gemm cublas(boolean tf32, Gemm emptySums) {
        CublasGemm cublas = register(new CublasGemm(gpu, tf32, emptySums), CublasGemm::close);
        facts.put("cublas", cublas.version());
        return cublas;
    }

    private static String products(int parts, boolean tf32) {
        if (tf32) {
            return "TF32";
        }
        return parts == 0 ? "float32" : "float32, in a training step as three parts of TF32";
    }

    private <T> T register(T resource, Consumer<T> release) {
        resources.push(() -> release.accept(resource));
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
    public Step record(Runnable step) {
        return register(new RecordedStep(gpu, () -> kernels.queue().run(step)), RecordedStep::close);
    }

    @Override
    public void close() {
        releaseAll();
    }

    /** Releases everything, whatever fails; throws the first failure with the others suppressed. */
    private void releaseAll() {
        BackendException failure = null;
        while (!resources.isEmpty()) {
            try {
                resources.pop().run();
            } catch (BackendException e) {
                if (failure == null) {
                    failure = e;
                } else if (e != failure) {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
