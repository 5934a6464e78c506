package bpnn.cuda;

import jcuda.driver.CUdeviceptr;

/** A place in the memory of a GPU, whose number can be told. */
final class Address extends CUdeviceptr {
    /** The number, as a kernel gets it. */
    long value() {
        return getNativePointer();
    }
}
