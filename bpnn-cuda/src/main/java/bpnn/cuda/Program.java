package bpnn.cuda;

import bpnn.spi.BackendException;
import jcuda.driver.CUfunction;
import jcuda.driver.CUfunction_attribute;
import jcuda.driver.CUmodule;
import jcuda.driver.JCudaDriver;

/** The compiled kernels, loaded as a module. */
final class Program implements AutoCloseable {
    private final Gpu gpu;
    private final CUmodule module = new CUmodule();
    private boolean closed;

    /** @param cubin machine code for this GPU */
    Program(Gpu gpu, byte[] cubin) {
        this.gpu = gpu;
        gpu.enter();
        gpu.check(JCudaDriver.cuModuleLoadData(module, cubin), "the kernels were loaded");
    }

    /** A kernel by its name in {@code kernels.cu}. */
    CUfunction kernel(String name) {
        CUfunction function = new CUfunction();
        int result = JCudaDriver.cuModuleGetFunction(function, module, name);
        if (result != 0) {
            throw new BackendException("The kernel " + name + " is missing: " + DriverErrors.describe(result) + ".");
        }
        return function;
    }

    /** Allows a kernel more dynamic shared memory than the default limit. */
    void allowSharedBytes(CUfunction kernel, int bytes) {
        gpu.enter();
        gpu.check(
                JCudaDriver.cuFuncSetAttribute(
                        kernel, CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, bytes),
                "shared memory was requested");
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            gpu.release(JCudaDriver.cuModuleUnload(module));
        }
    }
}
