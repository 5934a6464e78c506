package bpnn.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jcuda.CudaException;
import jcuda.Pointer;
import jcuda.Sizeof;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;
import jcuda.nvrtc.JNvrtc;
import jcuda.nvrtc.nvrtcProgram;

/** A small CUDA program on the stand-in, without the backend, for the tests of the stand-in itself. */
final class TinyProgram implements AutoCloseable {
    private static final Map<List<String>, byte[]> COMPILED = new HashMap<>();
    private static boolean loaded;

    private final CUdevice device = new CUdevice();
    private final CUcontext context = new CUcontext();
    private final CUmodule module = new CUmodule();
    final CUstream stream = new CUstream();

    TinyProgram(String source, String... options) throws IOException {
        load();
        JCudaDriver.cuInit(0);
        JCudaDriver.cuDeviceGet(device, 0);
        JCudaDriver.cuDevicePrimaryCtxRetain(context, device);
        JCudaDriver.cuCtxSetCurrent(context);
        List<String> key = new ArrayList<>(List.of(options));
        key.add(source);
        if (!COMPILED.containsKey(key)) {
            COMPILED.put(key, compile(source, options));
        }
        JCudaDriver.cuModuleLoadData(module, COMPILED.get(key));
        JCudaDriver.cuStreamCreate(stream, 1);
    }

    private static synchronized void load() throws IOException {
        if (!loaded) {
            Path folder = StandIn.folder();
            for (String library :
                    new String[] {"libcuda.so.1", "libnvrtc-builtins.so.12.99", "libnvrtc.so.12", "libcublas.so.12"}) {
                System.load(folder.resolve(library).toString());
            }
            String before = System.getProperty("java.io.tmpdir");
            System.setProperty(
                    "java.io.tmpdir",
                    Files.createTempDirectory(Path.of("target"), "jcuda")
                            .toAbsolutePath()
                            .toString());
            JCudaDriver.setExceptionsEnabled(true);
            JNvrtc.setExceptionsEnabled(true);
            System.setProperty("java.io.tmpdir", before);
            loaded = true;
        }
    }

    static byte[] compile(String source, String... options) throws IOException {
        load();
        nvrtcProgram program = new nvrtcProgram();
        JNvrtc.nvrtcCreateProgram(program, source, "tiny.cu", 0, null, null);
        try {
            JNvrtc.nvrtcCompileProgram(program, options.length, options);
            long[] size = new long[1];
            JNvrtc.nvrtcGetCUBINSize(program, size);
            byte[] cubin = new byte[(int) size[0]];
            JNvrtc.nvrtcGetCUBIN(program, cubin);
            return cubin;
        } catch (CudaException e) {
            String[] log = new String[1];
            JNvrtc.nvrtcGetProgramLog(program, log);
            throw new CudaException(e.getMessage() + "\n" + log[0], e);
        } finally {
            JNvrtc.nvrtcDestroyProgram(program);
        }
    }

    CUdeviceptr allocate(int floats) {
        CUdeviceptr pointer = new CUdeviceptr();
        JCudaDriver.cuMemAlloc(pointer, (long) floats * Sizeof.FLOAT);
        return pointer;
    }

    CUdeviceptr upload(float... values) {
        CUdeviceptr pointer = allocate(values.length);
        JCudaDriver.cuMemcpyHtoD(pointer, Pointer.to(values), (long) values.length * Sizeof.FLOAT);
        return pointer;
    }

    float[] download(CUdeviceptr pointer, int floats) {
        float[] values = new float[floats];
        JCudaDriver.cuMemcpyDtoH(Pointer.to(values), pointer, (long) floats * Sizeof.FLOAT);
        return values;
    }

    void launch(String kernel, int blocks, int threads, Object... arguments) {
        CUfunction function = new CUfunction();
        JCudaDriver.cuModuleGetFunction(function, module, kernel);
        Pointer[] pointers = Arrays.stream(arguments).map(TinyProgram::argument).toArray(Pointer[]::new);
        JCudaDriver.cuLaunchKernel(function, blocks, 1, 1, threads, 1, 1, 0, stream, Pointer.to(pointers), null);
    }

    private static Pointer argument(Object value) {
        if (value instanceof CUdeviceptr pointer) {
            return Pointer.to(pointer);
        }
        return value instanceof Float number
                ? Pointer.to(new float[] {number})
                : Pointer.to(new int[] {(Integer) value});
    }

    void synchronize() {
        JCudaDriver.cuStreamSynchronize(stream);
    }

    /** Releases the context with all its resources; returns the number of allocations still in use. */
    int release() {
        int live = StandIn.Counter.LIVE_ALLOCATIONS.value();
        JCudaDriver.cuDevicePrimaryCtxRelease(device);
        return live;
    }

    @Override
    public void close() {
        release();
        assertThat(StandIn.Counter.LIVE_ALLOCATIONS.value()).isZero();
    }
}
