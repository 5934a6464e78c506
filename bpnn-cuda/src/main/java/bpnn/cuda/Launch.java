package bpnn.cuda;

import bpnn.spi.Matrix;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jcuda.Pointer;
import jcuda.driver.CUfunction;
import jcuda.driver.JCudaDriver;
import org.jspecify.annotations.Nullable;

/**
 * The launch of a kernel with its arguments, in the order of its parameters. The arguments are in native memory that is
 * reused for each launch; the driver copies them.
 */
final class Launch {
    /** Default threads per block: THREADS in {@code kernels.cu}. */
    static final int THREADS = 256;

    private static final int SLOT = 8;
    private static final int MAX_PARAMETERS = 32;
    private static final int BYTES = 2048;

    private final Gpu gpu;
    private final ByteBuffer arguments = ByteBuffer.allocateDirect(BYTES).order(ByteOrder.nativeOrder());
    private final Pointer[] parameters = new Pointer[MAX_PARAMETERS];

    private @Nullable CUfunction kernel;
    private int blocks;
    private int threads;
    private int sharedBytes;
    private int count;
    private boolean inStructure;

    Launch(Gpu gpu) {
        this.gpu = gpu;
    }

    /** Starts a launch on a one-dimensional grid, after all pending work. */
    Launch of(CUfunction function, int gridBlocks, int blockThreads, int dynamicSharedBytes) {
        gpu.flush();
        kernel = function;
        blocks = gridBlocks;
        threads = blockThreads;
        sharedBytes = dynamicSharedBytes;
        count = 0;
        inStructure = false;
        arguments.clear();
        return this;
    }

    /** The same without dynamic shared memory. */
    Launch of(CUfunction function, int gridBlocks, int blockThreads) {
        return of(function, gridBlocks, blockThreads, 0);
    }

    /** The same with the default number of threads. */
    Launch of(CUfunction function, int gridBlocks) {
        return of(function, gridBlocks, THREADS);
    }

    /** Starts a struct parameter: the following arguments are its members, up to {@link #end}. */
    Launch structure() {
        begin(SLOT);
        inStructure = true;
        return this;
    }

    /** Ends a struct. */
    Launch end() {
        inStructure = false;
        align(SLOT);
        return this;
    }

    /** Skips members of a struct. */
    Launch skip(int bytes) {
        for (int i = 0; i < bytes; i++) {
            arguments.put((byte) 0);
        }
        return this;
    }

    private void begin(int size) {
        if (inStructure) {
            align(size);
        } else {
            align(SLOT);
            parameters[count++] = Pointer.to(arguments).withByteOffset(arguments.position());
        }
    }

    private void align(int size) {
        skip(Math.floorMod(-arguments.position(), size));
    }

    /** The address of a matrix; 0 for null. */
    Launch matrix(@Nullable Matrix m) {
        begin(SLOT);
        arguments.putLong(m == null ? 0 : DeviceBuffer.address(m));
        return this;
    }

    Launch pointer(DevicePointer pointer) {
        begin(SLOT);
        arguments.putLong(pointer.value());
        return this;
    }

    Launch integer(int value) {
        begin(Integer.BYTES);
        arguments.putInt(value);
        return this;
    }

    Launch flag(boolean value) {
        return integer(value ? 1 : 0);
    }

    Launch real(float value) {
        begin(Float.BYTES);
        arguments.putFloat(value);
        return this;
    }

    /** Queues the launch in the stream. */
    void run() {
        gpu.enter();
        Pointer[] all = new Pointer[count];
        System.arraycopy(parameters, 0, all, 0, count);
        gpu.check(
                JCudaDriver.cuLaunchKernel(
                        kernel, blocks, 1, 1, threads, 1, 1, sharedBytes, gpu.stream(), Pointer.to(all), null),
                "a kernel was launched");
    }
}
