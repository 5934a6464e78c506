package bpnn.cuda;

import bpnn.spi.Matrix;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jcuda.Pointer;
import jcuda.driver.CUfunction;
import jcuda.driver.JCudaDriver;
import org.jspecify.annotations.Nullable;

/**
 * A kernel's arguments, in the order of its parameters, and its launch. The arguments stand in native memory that is used
 * again for each launch; the driver copies them when it is called.
 */
final class Launch {
    /** Threads of a block unless said otherwise: THREADS in {@code kernels.cu}. */
    static final int THREADS = 256;

    private static final int SLOT = 8;
    private static final int MOST = 32;
    private static final int BYTES = 2048;

    private final Gpu gpu;
    private final ByteBuffer arguments = ByteBuffer.allocateDirect(BYTES).order(ByteOrder.nativeOrder());
    private final Pointer[] parameters = new Pointer[MOST];

    private @Nullable CUfunction kernel;
    private int blocks;
    private int threads;
    private int sharedBytes;
    private int count;
    private boolean inStructure;

    Launch(Gpu gpu) {
        this.gpu = gpu;
    }

    /** Begins a launch in a row of blocks, behind everything that was put off. */
    Launch of(CUfunction function, int blocksInARow, int threadsOfABlock, int dynamicSharedBytes) {
        gpu.settle();
        kernel = function;
        blocks = blocksInARow;
        threads = threadsOfABlock;
        sharedBytes = dynamicSharedBytes;
        count = 0;
        inStructure = false;
        arguments.clear();
        return this;
    }

    /** The same without dynamic shared memory. */
    Launch of(CUfunction function, int blocksInARow, int threadsOfABlock) {
        return of(function, blocksInARow, threadsOfABlock, 0);
    }

    /** The same with the usual number of threads. */
    Launch of(CUfunction function, int blocksInARow) {
        return of(function, blocksInARow, THREADS);
    }

    /** Begins a parameter that is a struct: what follows are its members, up to {@link #end}. */
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

    /** Leaves out members of a struct. */
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

    /** The address of a matrix; 0 where there is none. */
    Launch matrix(@Nullable Matrix m) {
        begin(SLOT);
        arguments.putLong(m == null ? 0 : DeviceBuffer.address(m));
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

    /** Asks the GPU for it, behind what it was asked for before. */
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
