package bpnn.cuda;

import bpnn.spi.Buffer;
import bpnn.spi.ElementType;
import bpnn.spi.Matrix;
import java.util.concurrent.atomic.AtomicInteger;
import jcuda.driver.CUdeviceptr;

/** A block of GPU memory, and its sole owner. */
final class DeviceBuffer implements Buffer {
    private final Gpu gpu;
    private final Staging staging;
    private final ElementType type;
    private final int length;
    private final AtomicInteger live;
    private final DevicePointer address;
    private boolean closed;

    /** @param live number of open buffers of the backend: incremented here, decremented by {@link #close} */
    DeviceBuffer(Gpu gpu, Staging staging, ElementType type, int length, AtomicInteger live) {
        this.gpu = gpu;
        this.live = live;
        this.staging = staging;
        this.type = type;
        this.length = length;
        this.address = gpu.allocate((long) length * type.bytes());
        live.incrementAndGet();
    }

    /** The device address of a matrix, which must be in a {@code DeviceBuffer}. */
    static long address(Matrix m) {
        DeviceBuffer buffer = (DeviceBuffer) m.buffer();
        return buffer.address.value() + buffer.bytes(m.offset());
    }

    /** The same as a pointer of JCuda. */
    static CUdeviceptr pointer(Matrix m) {
        DeviceBuffer buffer = (DeviceBuffer) m.buffer();
        return buffer.address.withByteOffset(buffer.bytes(m.offset()));
    }

    private long bytes(int elements) {
        return (long) elements * type.bytes();
    }

    @Override
    public ElementType type() {
        return type;
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public void upload(int offset, float[] source, int from, int count) {
        upload(offset, count, (bytes, done, part) -> bytes.asFloatBuffer().put(source, from + done, part));
    }

    @Override
    public void upload(int offset, int[] source, int from, int count) {
        upload(offset, count, (bytes, done, part) -> bytes.asIntBuffer().put(source, from + done, part));
    }

    @Override
    public void upload(int offset, byte[] source, int from, int count) {
        upload(offset, count, (bytes, done, part) -> bytes.put(source, from + done, part));
    }

    private void upload(int offset, int count, Staging.Copy source) {
        staging.upload(address, bytes(offset), type.bytes(), count, source);
    }

    @Override
    public void download(int offset, float[] target, int from, int count) {
        download(offset, count, (bytes, done, part) -> bytes.asFloatBuffer().get(target, from + done, part));
    }

    @Override
    public void download(int offset, int[] target, int from, int count) {
        download(offset, count, (bytes, done, part) -> bytes.asIntBuffer().get(target, from + done, part));
    }

    @Override
    public void download(int offset, byte[] target, int from, int count) {
        download(offset, count, (bytes, done, part) -> bytes.get(target, from + done, part));
    }

    private void download(int offset, int count, Staging.Copy target) {
        staging.download(address, bytes(offset), type.bytes(), count, target);
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            live.decrementAndGet();
            gpu.free(address);
        }
    }
}
