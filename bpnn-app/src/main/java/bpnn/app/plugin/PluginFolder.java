package bpnn.app.plugin;

import bpnn.backend.BackendCatalogue;
import bpnn.backend.FoundProvider;
import bpnn.backend.IsolatedCall;
import bpnn.backend.Rejection;
import bpnn.data.DataException;
import bpnn.io.file.AtomicFile;
import bpnn.spi.BackendProvider;
import bpnn.spi.FloatingPoint;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds backends: those of the program itself on the class path, and those in the jars of a folder. Each jar has a class
 * loader of its own, so that two plug-ins with different versions of a library do not meet. What cannot be loaded is
 * noted, and the search goes on.
 */
public final class PluginFolder {
    private static final String SERVICE = "META-INF/services/" + BackendProvider.class.getName();

    private final List<FoundProvider> found = new ArrayList<>();
    private final List<Rejection> rejections = new ArrayList<>();

    private PluginFolder() {}

    /** The backends of the class path and of a folder, which need not exist. */
    public static BackendCatalogue catalogue(Path folder) {
        PluginFolder search = new PluginFolder();
        ClassLoader application = PluginFolder.class.getClassLoader();
        search.found.addAll(search.load(application, "the class path", false));
        for (Path jar : jars(folder)) {
            search.loadJar(jar, application);
        }
        return BackendCatalogue.of(search.found, search.rejections);
    }

    private static List<Path> jars(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName()
                            .toString()
                            .toLowerCase(Locale.ROOT)
                            .endsWith(".jar"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new DataException(
                    "The plug-in folder " + folder + " could not be read: " + AtomicFile.reason(e) + ".", e);
        }
    }

    /** The class loader stays open, for the backend may load classes for as long as the program runs. */
    private void loadJar(Path jar, ClassLoader parent) {
        try (JarFile file = new JarFile(jar.toFile())) {
            if (file.getEntry(SERVICE) == null) {
                reject(jar.toString(), "It holds no backend: there is no " + SERVICE + " in it.", null);
                return;
            }
            String origin = jar.toString();
            ClassLoader loader = new URLClassLoader(
                    PluginFault.LOADER + origin, new URL[] {jar.toUri().toURL()}, parent);
            IsolatedCall<List<FoundProvider>> loaded =
                    IsolatedCall.run("loading of " + origin, () -> load(loader, origin, true));
            if (loaded.keepsSubnormals()) {
                found.addAll(loaded.value());
            } else {
                reject(origin, "Since it was loaded, " + FloatingPoint.FAULT + ".", null);
            }
        } catch (IOException e) {
            reject(jar.toString(), "It is not a readable jar: " + AtomicFile.reason(e) + ".", e);
        }
    }

    /**
     * Loads providers one by one, so that a broken one does not hide the others.
     *
     * @param own whether only classes that the loader itself defines count, not those of its parents
     */
    private List<FoundProvider> load(ClassLoader loader, String origin, boolean own) {
        List<FoundProvider> loaded = new ArrayList<>();
        Iterator<ServiceLoader.Provider<BackendProvider>> providers =
                ServiceLoader.load(BackendProvider.class, loader).stream().iterator();
        while (true) {
            try {
                if (!providers.hasNext()) {
                    return loaded;
                }
                ServiceLoader.Provider<BackendProvider> provider = providers.next();
                if (!own || provider.type().getClassLoader() == loader) {
                    loaded.add(new FoundProvider(provider.get(), origin));
                }
            } catch (ServiceConfigurationError | LinkageError e) {
                reject(origin, "Its backend could not be loaded: " + innermost(e) + ".", e);
            }
        }
    }

    private void reject(String origin, String reason, @Nullable Throwable cause) {
        rejections.add(new Rejection(origin, reason, cause));
    }

    /** The message of the error's root, which says what is wrong; the wrapping says only where. */
    private static String innermost(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root == e ? root.getMessage() : root.toString();
        return message == null ? root.toString() : message;
    }
}
