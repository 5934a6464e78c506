package bpnn.cuda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jcuda.Pointer;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.JCudaDriver;

/**
 * Transfers between Java arrays and a GPU through two pinned buffers: while the GPU reads one by DMA, the host fills
 * the other.
 */
final class Staging implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 21;

    private final Gpu gpu;
    private final PinnedBuffer[] buffers;
    private int next;
    private boolean closed;

    Staging(Gpu gpu) {
        this.gpu = gpu;
        buffers = new PinnedBuffer[] {new PinnedBuffer(gpu), new PinnedBuffer(gpu)};
    }

    /** Copies {@code count} elements of a Java array, from index {@code from}, to or from {@code bytes}. */
    @FunctionalInterface
    interface Copy {
        void part(ByteBuffer bytes, int from, int count);
    }

    /** Uploads {@code count} elements of {@code size} bytes, ordered after earlier work. */
    void upload(DevicePointer target, long offset, int size, int count, Copy source) {
        gpu.countHostWork();
        gpu.enter();
        int chunk = BUFFER_BYTES / size;
        for (int done = 0; done < count; done += Math.min(chunk, count - done)) {
            int part = Math.min(chunk, count - done);
            PinnedBuffer pinned = buffers[next];
            next = 1 - next;
            gpu.check(JCudaDriver.cuEventSynchronize(pinned.read), "data were uploaded to it");
            source.part(pinned.cleared(), done, part);
            gpu.check(
                    JCudaDriver.cuMemcpyHtoDAsync(
                            target.withByteOffset(offset + (long) done * size),
                            pinned.pointer,
                            (long) part * size,
                            gpu.stream()),
                    "data were uploaded to it");
            gpu.check(JCudaDriver.cuEventRecord(pinned.read, gpu.stream()), "data were uploaded to it");
        }
    }

    /** Downloads {@code count} elements of {@code size} bytes, after earlier work has finished. */
    void download(DevicePointer source, long offset, int size, int count, Copy target) {
        gpu.countHostWork();
        gpu.enter();
        int chunk = BUFFER_BYTES / size;
        PinnedBuffer pinned = buffers[next];
        for (int done = 0; done < count; done += Math.min(chunk, count - done)) {
            int part = Math.min(chunk, count - done);
            gpu.check(
                    JCudaDriver.cuMemcpyDtoHAsync(
                            pinned.pointer,
                            source.withByteOffset(offset + (long) done * size),
                            (long) part * size,
                            gpu.stream()),
                    "results were downloaded from it");
            gpu.synchronize();
            target.part(pinned.cleared(), done, part);
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            for (PinnedBuffer pinned : buffers) {
                pinned.close(gpu);
            }
        }
    }

    /** Pinned host memory, and the event recorded when the GPU has read it. */
    private static final class PinnedBuffer {
        private final Pointer pointer = new Pointer();
        private final CUevent read = new CUevent();
        private final ByteBuffer bytes;

        PinnedBuffer(Gpu gpu) {
            gpu.enter();
            gpu.check(JCudaDriver.cuMemAllocHost(pointer, BUFFER_BYTES), "pinned host memory was allocated");
            gpu.check(JCudaDriver.cuEventCreate(read, CUevent_flags.CU_EVENT_DISABLE_TIMING), "an event was created");
            bytes = pointer.getByteBuffer(0, BUFFER_BYTES);
        }

        ByteBuffer cleared() {
            return bytes.clear().order(ByteOrder.nativeOrder());
        }

        void close(Gpu gpu) {
            gpu.release(JCudaDriver.cuEventDestroy(read));
            gpu.release(JCudaDriver.cuMemFreeHost(pointer));
        }
    }
}
