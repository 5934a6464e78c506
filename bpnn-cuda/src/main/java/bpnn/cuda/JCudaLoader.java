package bpnn.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import jcuda.JCudaVersion;
import jcuda.driver.JCudaDriver;
import jcuda.jcublas.JCublas2;
import jcuda.nvrtc.JNvrtc;

/**
 * Loads JCuda. JCuda's own loader unpacks to a fixed name in {@code java.io.tmpdir}, not atomically, and trusts an
 * existing file; and a class of JCuda whose initialisation failed can never be loaded again. So this class unpacks the
 * libraries, loads their dependencies first, and then initialises the class with {@code java.io.tmpdir} pointing to the
 * unpacked file.
 */
final class JCudaLoader {
    private static final String TEMPORARY = "java.io.tmpdir";

    /** The major version that JCuda's libraries were linked with. */
    private static final int BUILT_FOR = 12;

    private static boolean driverLoaded;
    private static boolean compilerLoaded;
    private static boolean toolkitLoaded;

    private JCudaLoader() {}

    /** The version of JCuda. */
    static String version() {
        return JCudaVersion.get();
    }

    /**
     * Makes {@link JCudaDriver} usable.
     *
     * @throws CudaUnavailable if that fails; the class is then not initialised
     */
    static synchronized void loadDriver(Installation installation, FileCache store) throws CudaUnavailable {
        if (!driverLoaded) {
            loadNeeded(installation.driver());
            touch("JCudaDriver", content("JCudaDriver"), store, () -> JCudaDriver.setExceptionsEnabled(false));
            driverLoaded = true;
        }
    }

    /**
     * Makes {@link JNvrtc} and {@link JCublas2} usable.
     *
     * @throws CudaUnavailable if that fails
     */
    static synchronized void loadToolkit(Installation installation, FileCache store) throws CudaUnavailable {
        if (!toolkitLoaded) {
            loadCompiler(installation.nvrtc(), store);
            load("JCublas2", "cublas", installation.cublas(), store, () -> JCublas2.setExceptionsEnabled(false));
            toolkitLoaded = true;
        }
    }

    /**
     * Makes only {@link JNvrtc} usable, once.
     *
     * @throws CudaUnavailable if that fails
     */
    static synchronized void loadCompiler(Installation.VersionedLibrary nvrtc, FileCache store) throws CudaUnavailable {
        if (!compilerLoaded) {
            load("JNvrtc", "nvrtc", nvrtc, store, () -> JNvrtc.setExceptionsEnabled(false));
            compilerLoaded = true;
        }
    }

    private static void load(
            String name, String needed, Installation.VersionedLibrary library, FileCache store, Runnable touch)
            throws CudaUnavailable {
        for (Path file : library.before()) {
            loadNeeded(file);
        }
        loadNeeded(library.file());
        touch(name, adapted(content(name), needed, library.major()), store, touch);
    }

    /** JCuda's library, patched to use the installed major version. */
    static byte[] adapted(byte[] content, String needed, int major) {
        if (major != BUILT_FOR) {
            new VersionedElf(content)
                    .renameNeeded("lib" + needed + ".so." + BUILT_FOR, "lib" + needed + ".so." + major);
        }
        return content;
    }

    private static void loadNeeded(Path library) throws CudaUnavailable {
        try {
            System.load(library.toAbsolutePath().toString());
        } catch (UnsatisfiedLinkError e) {
            throw new CudaUnavailable(
                    "NVIDIA's library " + library + " cannot be loaded: " + e.getMessage() + ".",
                    "Install it anew, or name the folder of another one with -D" + Settings.LIBRARIES + "=FOLDER.",
                    e);
        }
    }

    private static void touch(String name, byte[] content, FileCache store, Runnable touch) throws CudaUnavailable {
        Path file = store.keep(fileName(name), content);
        try {
            System.load(file.toAbsolutePath().toString());
        } catch (UnsatisfiedLinkError e) {
            throw new CudaUnavailable(
                    "JCuda's library " + file + " was unpacked, but cannot be loaded: " + e.getMessage() + ".",
                    "If the folder is on a file system mounted with noexec, name another one with -D" + Settings.CACHE
                            + "=FOLDER.",
                    e);
        }
        String temporary = System.getProperty(TEMPORARY);
        System.setProperty(TEMPORARY, String.valueOf(file.toAbsolutePath().getParent()));
        try {
            touch.run();
        } catch (LinkageError e) {
            throw new CudaUnavailable(
                    "JCuda's class " + name + " cannot be loaded: " + e.getMessage() + ".",
                    "This is an error of the program; please report it.",
                    e);
        } finally {
            System.setProperty(TEMPORARY, temporary);
        }
    }

    /** The name under which JCuda looks for its library. */
    static String fileName(String name) {
        return "lib" + name + "-" + version() + "-linux-x86_64.so";
    }

    /** A library from JCuda's jar. */
    static byte[] content(String name) throws CudaUnavailable {
        String resource = "/lib/" + fileName(name);
        try (InputStream in = JCudaLoader.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new CudaUnavailable(
                        "JCuda's library " + resource + " is not on the class path.",
                        "Build the program anew: " + List.of("jcuda-natives", "jcublas-natives")
                                + " belong beside its other jars.");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new CudaUnavailable(
                    "JCuda's library " + resource + " cannot be read: " + e.getMessage() + ".",
                    "Build the program anew.",
                    e);
        }
    }
}
