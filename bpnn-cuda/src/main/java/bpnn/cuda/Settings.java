package bpnn.cuda;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Settings from {@code -Dname=value} and the environment.
 *
 * @param libraries folders with NVIDIA's libraries, named by the user
 * @param loaderPath the folders of {@code LD_LIBRARY_PATH}
 * @param cache the folder for unpacked libraries and compiled kernels
 * @param device index of the device among the visible ones
 * @param tf32 whether GEMM may round its operands to TF32
 */
record Settings(List<Path> libraries, List<Path> loaderPath, Path cache, int device, boolean tf32) {
    static final String LIBRARIES = "bpnn.cuda.libraries";
    static final String DEVICE = "cuda.device";
    static final String TF32 = "bpnn.cuda.tf32";
    static final String CACHE = "bpnn.cache";

    /**
     * @param options take precedence over the system properties of the same name
     * @throws CudaUnavailable if the device index is not a number
     */
    static Settings of(Map<String, String> options) throws CudaUnavailable {
        return of(
                name -> options.containsKey(name) ? options.get(name) : System.getProperty(name),
                name -> System.getenv(name));
    }

    static Settings of(Function<String, @Nullable String> properties, Function<String, @Nullable String> environment)
            throws CudaUnavailable {
        return new Settings(
                folders(properties.apply(LIBRARIES)),
                folders(environment.apply("LD_LIBRARY_PATH")),
                cache(properties, environment),
                device(properties),
                Boolean.parseBoolean(properties.apply(TF32)));
    }

    private static List<Path> folders(@Nullable String path) {
        return path == null
                ? List.of()
                : Arrays.stream(path.split(File.pathSeparator))
                        .filter(folder -> !folder.isBlank())
                        .map(Path::of)
                        .toList();
    }

    /** The folder {@code cuda} in {@code -Dbpnn.cache}, {@code $XDG_CACHE_HOME/bpnn} or {@code ~/.cache/bpnn}. */
    private static Path cache(
            Function<String, @Nullable String> properties, Function<String, @Nullable String> environment) {
        String own = properties.apply(CACHE);
        if (own != null && !own.isBlank()) {
            return Path.of(own, "cuda");
        }
        String xdg = environment.apply("XDG_CACHE_HOME");
        if (xdg != null && Path.of(xdg).isAbsolute()) {
            return Path.of(xdg, "bpnn", "cuda");
        }
        String home = properties.apply("user.home");
        return Path.of(home == null ? "." : home, ".cache", "bpnn", "cuda");
    }

    private static int device(Function<String, @Nullable String> properties) throws CudaUnavailable {
        String prefixed = properties.apply("bpnn." + DEVICE);
        String wanted = prefixed == null ? properties.apply(DEVICE) : prefixed;
        if (wanted == null) {
            return 0;
        }
        try {
            int device = Integer.parseInt(wanted);
            if (device >= 0) {
                return device;
            }
        } catch (NumberFormatException e) {
            throw noDevice(wanted, e);
        }
        throw noDevice(wanted, null);
    }

    private static CudaUnavailable noDevice(String wanted, @Nullable Exception cause) {
        return new CudaUnavailable(
                "-D" + DEVICE + " must be the number of a GPU, from 0, but is \"" + wanted + "\".",
                "Leave it out for the first one.",
                cause);
    }
}
