package bpnn.cuda;

import jcuda.driver.CUdeviceptr;

/** A device pointer whose address can be read. */
final class DevicePointer extends CUdeviceptr {
    /** The address, as passed to kernels. */
    long value() {
        return getNativePointer();
    }
}
