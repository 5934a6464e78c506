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
 * A GPU in use: its primary context, and the one stream in which all work is done in the order in which it was asked for.
 * It counts what a recorded step must not do.
 */
final class Gpu implements AutoCloseable {
    private final CudaDevice device;
    private final CUdevice handle = new CUdevice();
    private final CUcontext context = new CUcontext();
    private final CUstream stream = new CUstream();
    private final Set<Address> owned = new HashSet<>();
    private Runnable putOff = () -> {};
    private long hostWork;
    private long freed;
    private boolean failed;
    private boolean closed;

    /** @throws bpnn.spi.BackendException if the GPU is not to be had */
    Gpu(CudaDevice device) {
        this.device = device;
        check(JCudaDriver.cuDeviceGet(handle, device.ordinal()), "it was opened");
        check(JCudaDriver.cuDevicePrimaryCtxRetain(context, handle), "it was opened");
        boolean opened = false;
        try {
            enter();
            check(JCudaDriver.cuStreamCreate(stream, CU_STREAM_NON_BLOCKING), "a stream was made");
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

    /** Makes this GPU the one that the calling thread works with; to be called before anything else. */
    void enter() {
        check(JCudaDriver.cuCtxSetCurrent(context), "a thread turned to it");
    }

    /** Names what does the work that was put off, which {@link #settle} asks for. */
    void onSettle(Runnable work) {
        putOff = work;
    }

    /** Asks for the work that was put off; to be called in front of any other that is asked for. */
    void settle() {
        putOff.run();
    }

    /** Turns an error into a sentence. */
    void check(int result, String doing) {
        if (result != CUDA_SUCCESS) {
            failed = true;
            throw Faults.failed(result, doing, device);
        }
    }

    /** Memory, zeroed. */
    Address allocate(long bytes) {
        beginHostWork();
        enter();
        Address address = new Address();
        int result = JCudaDriver.cuMemAlloc(address, Math.max(bytes, 1));
        if (result == CUDA_ERROR_OUT_OF_MEMORY) {
            long[] free = new long[1];
            check(JCudaDriver.cuMemGetInfo(free, new long[1]), "its free memory was asked for");
            throw Faults.noRoom(bytes, device, free[0]);
        }
        check(result, "memory was taken");
        owned.add(address);
        if (bytes > 0) {
            check(JCudaDriver.cuMemsetD8Async(address, (byte) 0, bytes, stream), "memory was cleared");
        }
        return address;
    }

    /** Gives memory back; nothing happens if that was done. */
    void free(Address address) {
        if (owned.remove(address)) {
            freed++;
            beginHostWork();
            int result = JCudaDriver.cuCtxSetCurrent(context);
            checkUnlessFailed(
                    result == CUDA_SUCCESS ? JCudaDriver.cuMemFree(address) : result, "memory was given back");
        }
    }

    /** Notes the result of giving something back. */
    void giveBack(int result) {
        checkUnlessFailed(result, "what was taken was given back");
    }

    /** After a failure the driver refuses to give back, and has taken everything back itself. */
    private void checkUnlessFailed(int result, String doing) {
        if (!failed) {
            check(result, doing);
        }
    }

    /** Waits for everything that was asked for. */
    void synchronize() {
        beginHostWork();
        enter();
        check(JCudaDriver.cuStreamSynchronize(stream), "its results were waited for");
    }

    /** Notes that the host takes or gives back memory, transfers or waits. */
    void beginHostWork() {
        settle();
        hostWork++;
    }

    /** Grows whenever the host takes or gives back memory, transfers or waits. */
    long hostWork() {
        return hostWork;
    }

    /** Grows whenever memory is given back, which makes a recorded step that knows its address worthless. */
    long freed() {
        return freed;
    }

    /** Gives everything back, a second time nothing. */
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
