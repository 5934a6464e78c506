package bpnn.nd4j;

import bpnn.spi.BackendException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.config.ND4JClassLoading;
import org.nd4j.linalg.factory.Nd4j;

/** ND4J's native library, loaded once per process: JavaCPP unpacks it to a folder, and ND4J finds it by reflection. */
final class NativeLibrary {
    private static @Nullable NativeLibrary loaded;

    private final String version;

    private NativeLibrary() throws IOException {
        Properties properties = new Properties();
        try (InputStream written = Nd4j.class.getResourceAsStream("/META-INF/maven/org.nd4j/nd4j-api/pom.properties")) {
            if (written != null) {
                properties.load(written);
            }
        }
        version = properties.getProperty("version", "unknown");
    }

    /**
     * Loads the library, which takes a second, or a few if it must be unpacked.
     *
     * @throws BackendException if that fails
     */
    static synchronized NativeLibrary load() {
        if (loaded == null) {
            loaded = start();
        }
        return loaded;
    }

    /** ND4J looks up its classes through the context class loader, which does not know the plug-in. */
    private static NativeLibrary start() {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        ClassLoader own = NativeLibrary.class.getClassLoader();
        thread.setContextClassLoader(own);
        try {
            ND4JClassLoading.setNd4jClassloader(own);
            removeMemoryLimit();
            Nd4j.getExecutioner();
            return new NativeLibrary();
        } catch (IOException | LinkageError | RuntimeException e) {
            throw new BackendException(
                    "ND4J could not be loaded: " + root(e) + ". Its native library is unpacked to "
                            + NativeCache.ofThisMachine().folder()
                            + "; delete that folder if it is damaged, or name another one with -D"
                            + NativeCache.PROPERTY + "=DIR.",
                    e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /**
     * JavaCPP refuses allocations once the process, including mapped files and the Java heap, exceeds twice the heap
     * limit. Here every buffer is closed by its owner, so the limit is removed.
     */
    private static void removeMemoryLimit() {
        for (String limit : new String[] {"org.bytedeco.javacpp.maxbytes", "org.bytedeco.javacpp.maxphysicalbytes"}) {
            if (System.getProperty(limit) == null) {
                System.setProperty(limit, "0");
            }
        }
    }

    private static Throwable root(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    String version() {
        return version;
    }

    String blas() {
        return Nd4j.factory().blas().getBlasVendor().toString();
    }
}
