package bpnn.cuda;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * NVIDIA's libraries on this machine: located, not loaded.
 *
 * @param driver the driver library
 * @param nvrtc the run-time compiler
 * @param cublas cuBLAS
 */
record Installation(Path driver, VersionedLibrary nvrtc, VersionedLibrary cublas) {
    /** The major version that JCuda was built for, and the one that it can be patched to use. */
    private static final List<Integer> MAJORS = List.of(12, 13);

    private static final String WHERE =
            " -D" + Settings.LIBRARIES + "=FOLDER says where it is, if it is in an unusual place.";

    /**
     * A library of the toolkit.
     *
     * @param file its path
     * @param major its major version
     * @param before its dependencies, to be loaded before it in this order
     */
    record VersionedLibrary(Path file, int major, List<Path> before) {}

    /**
     * Locates everything that the backend needs.
     *
     * @throws CudaUnavailable if something is missing
     */
    static Installation find(LibrarySearch search) throws CudaUnavailable {
        checkPlatform(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
        Path driver = search.find("libcuda.so.1")
                .orElseThrow(() -> new CudaUnavailable(
                        "There is no NVIDIA driver on this machine: libcuda.so.1 was not found.",
                        "On a machine with an NVIDIA GPU install its driver (nvidia-smi must list the GPU), in a"
                                + " container give it access to the GPU; without a GPU use -Dbackend=cpu." + WHERE));
        VersionedLibrary nvrtc = nvrtc(search)
                .orElseThrow(() -> new CudaUnavailable(
                        "The NVIDIA driver is there, but not the run-time compiler: neither libnvrtc.so.12 nor"
                                + " libnvrtc.so.13 was found.",
                        "Install it from the CUDA toolkit 12 (the package cuda-nvrtc-12-x, or nvidia-cuda-nvrtc-cu12"
                                + " of Python)." + WHERE));
        VersionedLibrary cublas = versioned(search, "cublas", "libcublasLt.so.*")
                .orElseThrow(() -> new CudaUnavailable(
                        "The NVIDIA driver is there, but not cuBLAS: neither libcublas.so.12 nor libcublas.so.13 was"
                                + " found.",
                        "Install it from the CUDA toolkit 12 (the package libcublas-12-x, or nvidia-cublas-cu12 of"
                                + " Python)." + WHERE));
        return new Installation(driver, nvrtc, cublas);
    }

    /** Locates only the run-time compiler. */
    static Optional<VersionedLibrary> nvrtc(LibrarySearch search) {
        return versioned(search, "nvrtc", "libnvrtc-builtins.so.*");
    }

    static void checkPlatform(String system, String architecture) throws CudaUnavailable {
        boolean linux = system.toLowerCase(Locale.ROOT).equals("linux");
        if (!linux || !(architecture.equals("amd64") || architecture.equals("x86_64"))) {
            throw new CudaUnavailable(
                    "The CUDA backend runs on Linux on x86-64, but this is " + system + " on " + architecture + ".",
                    "Use -Dbackend=cpu here.");
        }
    }

    private static Optional<VersionedLibrary> versioned(LibrarySearch search, String name, String needed) {
        for (int major : MAJORS) {
            Optional<Path> file = search.find("lib" + name + ".so." + major);
            if (file.isPresent()) {
                List<Path> before = new ArrayList<>();
                for (Path candidate : LibrarySearch.beside(file.get(), needed)) {
                    if (String.valueOf(candidate.getFileName()).contains(".so." + major)) {
                        before.add(candidate);
                    }
                }
                return Optional.of(new VersionedLibrary(file.get(), major, before));
            }
        }
        return Optional.empty();
    }

    /** The oldest driver version that these libraries work with, as {@code cuDriverGetVersion}: 1000 · major. */
    int oldestDriver() {
        return 1000 * Math.max(nvrtc.major(), cublas.major());
    }
}
