package bpnn.cuda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jcuda.Pointer;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.JCudaDriver;

/**
 * Transfers between arrays of the Java heap and a GPU, through two halves of page-locked memory, which the GPU reads and
 * writes by itself: while it reads one half, the host fills the other.
 */
final class Staging implements AutoCloseable {
    private static final int HALF = 1 << 21;

    private final Gpu gpu;
    private final Half[] halves;
    private int next;
    private boolean closed;

    Staging(Gpu gpu) {
        this.gpu = gpu;
        halves = new Half[] {new Half(gpu), new Half(gpu)};
    }

    /** Copies elements of a Java array: {@code count} of them, from {@code from} on, to or from {@code bytes}. */
    @FunctionalInterface
    interface Copy {
        void part(ByteBuffer bytes, int from, int count);
    }

    /** Sends {@code count} elements of {@code size} bytes, after what was asked for before. */
    void upload(Address target, long offset, int size, int count, Copy source) {
        gpu.beginHostWork();
        gpu.enter();
        int atOnce = HALF / size;
        for (int done = 0; done < count; done += Math.min(atOnce, count - done)) {
            int part = Math.min(atOnce, count - done);
            Half half = halves[next];
            next = 1 - next;
            gpu.check(JCudaDriver.cuEventSynchronize(half.read), "data were sent to it");
            source.part(half.emptied(), done, part);
            gpu.check(
                    JCudaDriver.cuMemcpyHtoDAsync(
                            target.withByteOffset(offset + (long) done * size),
                            half.pointer,
                            (long) part * size,
                            gpu.stream()),
                    "data were sent to it");
            gpu.check(JCudaDriver.cuEventRecord(half.read, gpu.stream()), "data were sent to it");
        }
    }

    /** Fetches {@code count} elements of {@code size} bytes, when what was asked for before is done. */
    void download(Address source, long offset, int size, int count, Copy target) {
        gpu.beginHostWork();
        gpu.enter();
        int atOnce = HALF / size;
        Half half = halves[next];
        for (int done = 0; done < count; done += Math.min(atOnce, count - done)) {
            int part = Math.min(atOnce, count - done);
            gpu.check(
                    JCudaDriver.cuMemcpyDtoHAsync(
                            half.pointer,
                            source.withByteOffset(offset + (long) done * size),
                            (long) part * size,
                            gpu.stream()),
                    "results were fetched from it");
            gpu.synchronize();
            target.part(half.emptied(), done, part);
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            for (Half half : halves) {
                half.close(gpu);
            }
        }
    }

    /** Page-locked memory, and the event that tells when the GPU has read it. */
    private static final class Half {
        private final Pointer pointer = new Pointer();
        private final CUevent read = new CUevent();
        private final ByteBuffer bytes;

        Half(Gpu gpu) {
            gpu.enter();
            gpu.check(JCudaDriver.cuMemAllocHost(pointer, HALF), "page-locked memory of the host was taken");
            gpu.check(JCudaDriver.cuEventCreate(read, CUevent_flags.CU_EVENT_DISABLE_TIMING), "an event was made");
            bytes = pointer.getByteBuffer(0, HALF);
        }

        ByteBuffer emptied() {
            return bytes.clear().order(ByteOrder.nativeOrder());
        }

        void close(Gpu gpu) {
            gpu.giveBack(JCudaDriver.cuEventDestroy(read));
            gpu.giveBack(JCudaDriver.cuMemFreeHost(pointer));
        }
    }
}
