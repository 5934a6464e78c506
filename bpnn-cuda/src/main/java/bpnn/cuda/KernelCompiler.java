package bpnn.cuda;

import static jcuda.nvrtc.nvrtcResult.NVRTC_SUCCESS;

import bpnn.spi.BackendException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import jcuda.nvrtc.JNvrtc;
import jcuda.nvrtc.nvrtcProgram;

/**
 * Compiles {@code kernels.cu} for a GPU with NVRTC. The cubin is cached under the hash of everything it depends on,
 * prefixed with its own hash, so that a damaged file is detected and recompiled.
 */
final class KernelCompiler {
    private static final Logger LOG = System.getLogger(KernelCompiler.class.getName());
    private static final String SOURCE = "kernels.cu";
    /** No contraction to fma, as in every exact backend; the other defaults are exact. */
    private static final String NO_CONTRACTION = "--fmad=false";

    private static final int HASH_LENGTH = 64;

    private final Path folder;
    private final String version;

    /** NVRTC must be loaded. */
    KernelCompiler(FileCache store) {
        folder = store.folder().resolve("kernels");
        int[] major = new int[1];
        int[] minor = new int[1];
        check(JNvrtc.nvrtcVersion(major, minor), "tell its version", "");
        version = major[0] + "." + minor[0];
    }

    /** The version of NVRTC. */
    String version() {
        return version;
    }

    /**
     * The machine code for an architecture such as {@code sm_90}.
     *
     * @param tensorParts 0 for exact arithmetic; else the number of TF32 parts that an operand is split into for tensor
     *     cores
     */
    byte[] compile(String architecture, int tensorParts) {
        byte[] source = source();
        String[] options = {
            "--gpu-architecture=" + architecture, "--std=c++17", NO_CONTRACTION, "-DTENSOR_PARTS=" + tensorParts
        };
        String everything = String.join(" ", options) + " NVRTC " + version + " " + FileCache.digest(source);
        Path file = folder.resolve(FileCache.digest(everything.getBytes(StandardCharsets.UTF_8)) + ".cubin");
        Optional<byte[]> kept = read(file);
        if (kept.isPresent()) {
            return kept.get();
        }
        byte[] cubin = compile(new String(source, StandardCharsets.UTF_8), options);
        keep(file, cubin);
        return cubin;
    }

    private static byte[] source() {
        try (InputStream in = KernelCompiler.class.getResourceAsStream(SOURCE)) {
            if (in == null) {
                throw new IllegalStateException(SOURCE + " is not on the class path");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new BackendException("The kernels of the CUDA backend cannot be read: " + e.getMessage() + ".", e);
        }
    }

    private byte[] compile(String source, String[] options) {
        nvrtcProgram program = new nvrtcProgram();
        check(JNvrtc.nvrtcCreateProgram(program, source, SOURCE, 0, null, null), "take the kernels", "");
        try {
            int result = JNvrtc.nvrtcCompileProgram(program, options.length, options);
            if (result != NVRTC_SUCCESS) {
                String[] log = new String[1];
                JNvrtc.nvrtcGetProgramLog(program, log);
                check(result, "compile the kernels with " + String.join(" ", options), ": " + log[0]);
            }
            long[] size = new long[1];
            check(JNvrtc.nvrtcGetCUBINSize(program, size), "tell the size of the kernels", "");
            byte[] cubin = new byte[Math.toIntExact(size[0])];
            check(JNvrtc.nvrtcGetCUBIN(program, cubin), "give the kernels", "");
            return cubin;
        } finally {
            JNvrtc.nvrtcDestroyProgram(program);
        }
    }

    private void check(int result, String what, String log) {
        if (result != NVRTC_SUCCESS) {
            throw new BackendException("The run-time compiler NVRTC " + version + " does not " + what + " ("
                    + JNvrtc.nvrtcGetErrorString(result) + ")" + log + ". A GPU newer or older than it needs the NVRTC"
                    + " of another CUDA toolkit; -D" + Settings.LIBRARIES + "=FOLDER says where that is.");
        }
    }

    private static Optional<byte[]> read(Path file) {
        byte[] content;
        try {
            content = Files.isRegularFile(file) ? Files.readAllBytes(file) : new byte[0];
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "cached kernels cannot be read and are recompiled", e);
            return Optional.empty();
        }
        if (content.length <= HASH_LENGTH) {
            return Optional.empty();
        }
        byte[] cubin = Arrays.copyOfRange(content, HASH_LENGTH, content.length);
        return Arrays.equals(hash(cubin), Arrays.copyOf(content, HASH_LENGTH)) ? Optional.of(cubin) : Optional.empty();
    }

    private static void keep(Path file, byte[] cubin) {
        byte[] content = Arrays.copyOf(hash(cubin), HASH_LENGTH + cubin.length);
        System.arraycopy(cubin, 0, content, HASH_LENGTH, cubin.length);
        try {
            FileCache.write(file, content);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "The compiled kernels cannot be kept, so every start compiles them anew: {0}", e);
        }
    }

    private static byte[] hash(byte[] content) {
        return FileCache.digest(content).getBytes(StandardCharsets.US_ASCII);
    }
}
