package bpnn.cuda;

import static jcuda.driver.CUresult.CUDA_ERROR_OUT_OF_MEMORY;
import static jcuda.driver.CUresult.CUDA_SUCCESS;
import static jcuda.driver.CUstream_flags.CU_STREAM_NON_BLOCKING;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/**
 * A GPU in use: its primary context and the one stream in which all work is queued. It counts the operations that a
 * recorded step must not perform.
 */
final class Gpu implements AutoCloseable {
    private final CudaDevice device;
    private final CUdevice handle = new CUdevice();
    private final CUcontext context = new CUcontext();
    private final CUstream stream = new CUstream();
    private final Set<DevicePointer> owned = new HashSet<>();
    private Runnable pending = () -> {};
    private long hostWork;
    private long freed;
    private boolean failed;
    private boolean closed;

    /** @throws bpnn.spi.BackendException if the GPU cannot be opened */
    Gpu(CudaDevice device) {
        this.device = device;
        check(JCudaDriver.cuDeviceGet(handle, device.ordinal()), "it was opened");
        check(JCudaDriver.cuDevicePrimaryCtxRetain(context, handle), "it was opened");
        boolean opened = false;
        try {
            enter();
            check(JCudaDriver.cuStreamCreate(stream, CU_STREAM_NON_BLOCKING), "a stream was created");
            opened = true;
        } finally {
            if (!opened) {
                JCudaDriver.cuDevicePrimaryCtxRelease(handle);
            }
        }
    }

    CudaDevice device() {
        return device;
    }

    CUstream stream() {
        return stream;
    }

    /** Makes the context current for the calling thread; called before anything else. */
    void enter() {
        check(JCudaDriver.cuCtxSetCurrent(context), "its context was made current");
    }

    /** Sets the action that launches pending work, run by {@link #flush}. */
    void onFlush(Runnable work) {
        pending = work;
    }

    /** Launches pending work; called before any other work is queued. */
    void flush() {
        pending.run();
    }

    /** Throws an exception for an error code. */
    void check(int result, String doing) {
        if (result != CUDA_SUCCESS) {
            failed = true;
            throw DriverErrors.failed(result, doing, device);
        }
    }

    /** Allocates zeroed memory. */
    DevicePointer allocate(long bytes) {
        countHostWork();
        enter();
        DevicePointer address = new DevicePointer();
        int result = JCudaDriver.cuMemAlloc(address, Math.max(bytes, 1));
        if (result == CUDA_ERROR_OUT_OF_MEMORY) {
            long[] free = new long[1];
            check(JCudaDriver.cuMemGetInfo(free, new long[1]), "its free memory was queried");
            throw DriverErrors.outOfMemory(bytes, device, free[0]);
        }
        check(result, "memory was allocated");
        owned.add(address);
        if (bytes > 0) {
            check(JCudaDriver.cuMemsetD8Async(address, (byte) 0, bytes, stream), "memory was cleared");
        }
        return address;
    }

    /** Frees memory; idempotent. */
    void free(DevicePointer address) {
        if (owned.remove(address)) {
            freed++;
            countHostWork();
            int result = JCudaDriver.cuCtxSetCurrent(context);
            checkUnlessFailed(result == CUDA_SUCCESS ? JCudaDriver.cuMemFree(address) : result, "memory was freed");
        }
    }

    /** Checks the result of releasing a resource. */
    void release(int result) {
        checkUnlessFailed(result, "a resource was released");
    }

    /** After a failure the driver has released everything itself and refuses further calls. */
    private void checkUnlessFailed(int result, String doing) {
        if (!failed) {
            check(result, doing);
        }
    }

    /** Waits for all queued work. */
    void synchronize() {
        countHostWork();
        enter();
        check(JCudaDriver.cuStreamSynchronize(stream), "it was synchronised");
    }

    /** Counts an allocation, release, transfer or synchronisation by the host. */
    void countHostWork() {
        flush();
        hostWork++;
    }

    /** Number of allocations, releases, transfers and synchronisations by the host. */
    long hostWork() {
        return hostWork;
    }

    /** Number of releases of memory; a graph captured before the last one may contain a dangling address. */
    long freed() {
        return freed;
    }

    /** Releases everything; idempotent. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            List.copyOf(owned).forEach(this::free);
            int result = JCudaDriver.cuCtxSetCurrent(context);
            result = result == CUDA_SUCCESS ? JCudaDriver.cuStreamSynchronize(stream) : result;
            result = result == CUDA_SUCCESS ? JCudaDriver.cuStreamDestroy(stream) : result;
            int released = JCudaDriver.cuDevicePrimaryCtxRelease(handle);
            checkUnlessFailed(result == CUDA_SUCCESS ? released : result, "it was closed");
        }
    }
}
