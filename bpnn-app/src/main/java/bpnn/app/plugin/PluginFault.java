package bpnn.app.plugin;

import bpnn.spi.BackendProvider;
import java.util.Optional;

/** Tells errors of plug-ins from those of the program, by the class loaders in the stack trace. */
public final class PluginFault {
    /** What the names of plug-ins' class loaders begin with; the jar follows. */
    static final String LOADER = "plug-in ";

    private static final String INTERFACE = BackendProvider.class.getPackageName();

    private PluginFault() {}

    /** What is wrong with a plug-in, if it was one that threw this while it computed. */
    public static Optional<String> sentence(Throwable thrown) {
        Throwable root = root(thrown);
        Optional<String> jar = jar(root);
        // Of a kernel that does not exist only the program's call of it is in the trace, but the message names the
        // interface.
        boolean unfit = root instanceof LinkageError
                && (jar.isPresent() || String.valueOf(root.getMessage()).contains(INTERFACE));
        if (unfit) {
            return Optional.of(subject(jar) + " does not fit this program, whose backend interface has version "
                    + BackendProvider.API_VERSION + ": " + root
                    + ". It was built against another state of it, or a library is missing beside it; ask its author for a"
                    + " version that fits.");
        }
        return jar.map(origin -> subject(jar) + " failed: " + root
                + ". This is a fault of the plug-in; ask its author for a" + " newer version.");
    }

    private static Throwable root(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    private static String subject(Optional<String> jar) {
        return jar.map(origin -> "The backend from " + origin).orElse("The backend");
    }

    /** The plug-in whose own code threw, called by the program and calling at most the platform. */
    private static Optional<String> jar(Throwable root) {
        for (StackTraceElement frame : root.getStackTrace()) {
            String loader = frame.getClassLoaderName();
            if (loader != null && loader.startsWith(LOADER)) {
                return Optional.of(loader.substring(LOADER.length()));
            }
            if (frame.getModuleName() == null) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }
}
