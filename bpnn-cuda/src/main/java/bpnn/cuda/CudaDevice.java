package bpnn.cuda;

import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT;
import static jcuda.driver.CUresult.CUDA_ERROR_NO_DEVICE;
import static jcuda.driver.CUresult.CUDA_SUCCESS;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import jcuda.driver.CUdevice;
import jcuda.driver.JCudaDriver;

/**
 * A GPU and its capabilities.
 *
 * @param ordinal its index among the visible devices
 * @param major with {@code minor} the compute capability
 * @param multiprocessors number of streaming multiprocessors
 * @param memory bytes
 * @param driver the newest CUDA version that the driver supports: 1000 · major + 10 · minor
 */
record CudaDevice(int ordinal, String name, int major, int minor, int multiprocessors, long memory, int driver) {
    private static final int NAME_LENGTH = 256;

    /**
     * Queries the driver, which must be loaded.
     *
     * @throws CudaUnavailable if there is no such device, or the driver is too old
     */
    static CudaDevice find(Installation installation, int ordinal) throws CudaUnavailable {
        int driver = driver(installation);
        int result = JCudaDriver.cuInit(0);
        if (result != CUDA_SUCCESS) {
            throw notStarted(result);
        }
        int[] count = new int[1];
        check(JCudaDriver.cuDeviceGetCount(count));
        if (count[0] == 0) {
            throw notStarted(CUDA_ERROR_NO_DEVICE);
        }
        if (ordinal >= count[0]) {
            throw new CudaUnavailable(
                    "There is no GPU with the number " + ordinal + ": " + count[0] + " can be seen, counted from 0.",
                    "Choose another one with -D" + Settings.DEVICE + "=N, or look at CUDA_VISIBLE_DEVICES.");
        }
        CUdevice device = new CUdevice();
        check(JCudaDriver.cuDeviceGet(device, ordinal));
        byte[] name = new byte[NAME_LENGTH];
        check(JCudaDriver.cuDeviceGetName(name, name.length, device));
        long[] memory = new long[1];
        check(JCudaDriver.cuDeviceTotalMem(memory, device));
        return new CudaDevice(
                ordinal,
                new String(name, StandardCharsets.UTF_8).replace("\0", "").trim(),
                attribute(CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR, device),
                attribute(CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR, device),
                attribute(CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT, device),
                memory[0],
                driver);
    }

    /** Queried first: an older driver may lack any other function, and calling it would crash the JVM. */
    private static int driver(Installation installation) throws CudaUnavailable {
        int[] version = new int[1];
        check(JCudaDriver.cuDriverGetVersion(version));
        if (version[0] < installation.oldestDriver()) {
            throw new CudaUnavailable(
                    "The NVIDIA driver is too old: it knows CUDA up to " + version(version[0])
                            + ", but the libraries found here need " + version(installation.oldestDriver()) + ".",
                    version[0] < 12_000
                            ? "Update the driver to version 525 or newer."
                            : "Update the driver to version 580 or newer, or install NVRTC and cuBLAS of CUDA 12.");
        }
        return version[0];
    }

    private static CudaUnavailable notStarted(int result) {
        if (result == CUDA_ERROR_NO_DEVICE) {
            String visible = System.getenv("CUDA_VISIBLE_DEVICES");
            return new CudaUnavailable(
                    "The NVIDIA driver is there, but sees no GPU"
                            + (visible == null ? "." : "; CUDA_VISIBLE_DEVICES is \"" + visible + "\"."),
                    visible == null
                            ? "See whether nvidia-smi lists one; in a container give it access to the GPU."
                            : "Unset CUDA_VISIBLE_DEVICES, or give it the number of a GPU that nvidia-smi lists.");
        }
        return new CudaUnavailable(
                "The NVIDIA driver does not start: " + DriverErrors.describe(result) + ".",
                "See whether nvidia-smi works; after an update of the driver restart the machine.");
    }

    private static int attribute(int attribute, CUdevice device) throws CudaUnavailable {
        int[] value = new int[1];
        check(JCudaDriver.cuDeviceGetAttribute(value, attribute, device));
        return value[0];
    }

    private static void check(int result) throws CudaUnavailable {
        if (result != CUDA_SUCCESS) {
            throw new CudaUnavailable(
                    "The NVIDIA driver does not say which GPUs there are: " + DriverErrors.describe(result) + ".",
                    "See whether nvidia-smi works; after an update of the driver restart the machine.");
        }
    }

    static String version(int version) {
        return version / 1000 + "." + version % 1000 / 10;
    }

    /** The target architecture of the kernels, such as {@code sm_90}. */
    String architecture() {
        return "sm_" + major + minor;
    }

    /** Whether its tensor cores support TF32. */
    boolean hasTensorCores() {
        return major >= 8;
    }

    /** In words. */
    String description() {
        return name + ", " + DriverErrors.mebibytes(memory) + ", compute capability " + major + "." + minor;
    }

    /** For {@code backends} and {@code run.json}. */
    Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("cudaDevice", Integer.toString(ordinal));
        facts.put("computeCapability", major + "." + minor);
        facts.put("multiprocessors", Integer.toString(multiprocessors));
        facts.put("driver", "CUDA " + version(driver));
        facts.put("jcuda", JCudaLoader.version());
        return facts;
    }
}
