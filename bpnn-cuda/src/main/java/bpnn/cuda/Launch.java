package bpnn.cuda;

import bpnn.spi.Matrix;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
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
    private static final int MOST = 24;

    private final Gpu gpu;
    private final ByteBuffer arguments = ByteBuffer.allocateDirect(SLOT * MOST).order(ByteOrder.nativeOrder());
    /** By number of arguments: a pointer to the pointers to that many of them. */
    private final Pointer[] lists = new Pointer[MOST + 1];

    private @Nullable CUfunction kernel;
    private int blocks;
    private int threads;
    private int count;

    Launch(Gpu gpu) {
        this.gpu = gpu;
        Pointer[] slots = new Pointer[MOST];
        for (int i = 0; i < MOST; i++) {
            slots[i] = Pointer.to(arguments).withByteOffset((long) SLOT * i);
            lists[i + 1] = Pointer.to(Arrays.copyOf(slots, i + 1));
        }
    }

    /** Begins a launch in a row of blocks. */
    Launch of(CUfunction function, int blocksInARow, int threadsOfABlock) {
        kernel = function;
        blocks = blocksInARow;
        threads = threadsOfABlock;
        count = 0;
        return this;
    }

    /** The same with the usual number of threads. */
    Launch of(CUfunction function, int blocksInARow) {
        return of(function, blocksInARow, THREADS);
    }

    /** The address of a matrix; 0 where there is none. */
    Launch matrix(@Nullable Matrix m) {
        arguments.putLong(SLOT * count++, m == null ? 0 : DeviceBuffer.address(m));
        return this;
    }

    Launch integer(int value) {
        arguments.putInt(SLOT * count++, value);
        return this;
    }

    Launch flag(boolean value) {
        return integer(value ? 1 : 0);
    }

    Launch real(float value) {
        arguments.putFloat(SLOT * count++, value);
        return this;
    }

    /** Asks the GPU for it, behind what it was asked for before. */
    void run() {
        gpu.enter();
        gpu.check(
                JCudaDriver.cuLaunchKernel(kernel, blocks, 1, 1, threads, 1, 1, 0, gpu.stream(), lists[count], null),
                "a kernel was launched");
    }
}
