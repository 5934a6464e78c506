package bpnn.mnist;

import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where downloaded data sets, and pixels that were decoded from pictures, are kept. */
public final class CacheFolder {
    private CacheFolder() {}

    /** A folder of this user on this machine; it need not exist. */
    public static Path of(String name) {
        return root(System::getProperty, System::getenv).resolve(name);
    }

    /**
     * The first of: the system property {@code bpnn.cache}; {@code $XDG_CACHE_HOME/bpnn}; and the default of the platform,
     * which is {@code %LOCALAPPDATA%\bpnn} on Windows, {@code ~/Library/Caches/bpnn}
     * on macOS, {@code ~/.cache/bpnn} elsewhere.
     */
    static Path root(Lookup properties, Lookup environment) {
        String own = properties.get("bpnn.cache");
        if (own != null && !own.isBlank()) {
            return Path.of(own);
        }
        return base(properties, environment).resolve("bpnn");
    }

    private static Path base(Lookup properties, Lookup environment) {
        String xdg = environment.get("XDG_CACHE_HOME");
        // The XDG Base Directory Specification tells programs to ignore relative paths.
        if (xdg != null && Path.of(xdg).isAbsolute()) {
            return Path.of(xdg);
        }
        Path home = Path.of(valueOr(properties.get("user.home"), "."));
        String system = valueOr(properties.get("os.name"), "").toLowerCase(Locale.ROOT);
        if (system.startsWith("windows")) {
            String local = environment.get("LOCALAPPDATA");
            return local == null ? home.resolve("AppData").resolve("Local") : Path.of(local);
        }
        return system.startsWith("mac") ? home.resolve("Library").resolve("Caches") : home.resolve(".cache");
    }

    private static String valueOr(@Nullable String value, String otherwise) {
        return value == null ? otherwise : value;
    }

    /** A system property or environment variable by name. */
    @FunctionalInterface
    interface Lookup {
        @Nullable
        String get(String name);
    }
}
