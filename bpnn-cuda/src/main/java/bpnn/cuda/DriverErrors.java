package bpnn.cuda;

import static jcuda.driver.CUresult.CUDA_ERROR_OUT_OF_MEMORY;

import bpnn.spi.BackendException;
import jcuda.driver.JCudaDriver;

/** Turns error codes of the driver into messages for users. */
final class DriverErrors {
    private static final long MEBIBYTE = 1L << 20;

    private static final String WHAT_TO_DO = "Unsaved results are lost. See whether nvidia-smi still lists the GPU,"
            + " then go on from the last checkpoint with --resume, or train without the GPU with -Dbackend=cpu.";

    private DriverErrors() {}

    /** Name and text of an error, from the driver. */
    static String describe(int result) {
        String[] name = new String[1];
        String[] text = new String[1];
        JCudaDriver.cuGetErrorName(result, name);
        JCudaDriver.cuGetErrorString(result, text);
        return name[0] == null ? "error " + result : name[0] + " (" + text[0] + ")";
    }

    /** An allocation of {@code bytes} failed. */
    static BackendException outOfMemory(long bytes, CudaDevice device, long free) {
        return new BackendException("There is no room for " + mebibytes(bytes) + " on " + device.name() + ": "
                + mebibytes(free) + " of its " + mebibytes(device.memory())
                + " are free. A smaller batch (--batch-size)"
                + " or network needs less; -D" + Settings.DEVICE + "=N chooses another GPU, -Dbackend=cpu none.");
    }

    /** Any other failure while {@code doing}. */
    static BackendException failed(int result, String doing, CudaDevice device) {
        if (result == CUDA_ERROR_OUT_OF_MEMORY) {
            return new BackendException(device.name() + " ran out of memory while " + doing + ". A smaller batch"
                    + " (--batch-size) or network needs less; -D" + Settings.DEVICE + "=N chooses another GPU.");
        }
        return new BackendException(
                device.name() + " failed while " + doing + ": " + describe(result) + ". " + WHAT_TO_DO);
    }

    static String mebibytes(long bytes) {
        return (bytes + MEBIBYTE - 1) / MEBIBYTE + " MiB";
    }
}
