package bpnn.nd4j;

import bpnn.spi.BackendException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.config.ND4JClassLoading;
import org.nd4j.linalg.factory.Nd4j;

/** ND4J's native library, loaded once per process: JavaCPP unpacks it to a folder, and ND4J finds it by reflection. */
final class Library {
    private static @Nullable Library loaded;

    private final String version;

    private Library() throws IOException {
        Properties properties = new Properties();
        try (InputStream written = Nd4j.class.getResourceAsStream("/META-INF/maven/org.nd4j/nd4j-api/pom.properties")) {
            if (written != null) {
                properties.load(written);
            }
        }
        version = properties.getProperty("version", "unknown");
    }

    /**
     * Loads it, which takes a second, and some more when it has to be unpacked.
     *
     * @throws BackendException if that fails
     */
    static synchronized Library load() {
        if (loaded == null) {
            loaded = start();
        }
        return loaded;
    }

    /** ND4J looks for its parts through the thread's class loader, which knows nothing of a plug-in. */
    private static Library start() {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        ClassLoader own = Library.class.getClassLoader();
        thread.setContextClassLoader(own);
        try {
            ND4JClassLoading.setNd4jClassloader(own);
            limitNothing();
            Nd4j.getExecutioner();
            return new Library();
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
     * JavaCPP refuses memory once the process, with its mapped files and the Java heap, has twice the heap's limit. What
     * is allocated here is closed by its owner, so there is nothing to hold back.
     */
    private static void limitNothing() {
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
