package bpnn.app.option;

import bpnn.app.plugin.PluginFolder;
import bpnn.app.session.Session;
import bpnn.backend.BackendCatalogue;
import bpnn.backend.Rejection;
import bpnn.backend.Selection;
import bpnn.spi.Backend;
import bpnn.spi.BackendConfig;
import bpnn.spi.FloatingPoint;
import bpnn.spi.Numerics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where backends are looked for, and how they compute. */
public final class ComputeOptions {
    private static final int MAX_THREADS = 1024;
    /** The backend that {@code --tf32} and GPUs mean something to. */
    private static final String ON_GPUS = "cuda";

    @Option(
            names = "--plugins",
            paramLabel = "DIR",
            description = "Folder of jars with further backends (default: plugins, beside the launcher).")
    private @Nullable Path plugins;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads to compute with (default: the backend's choice).")
    private @Nullable Integer threads;

    @Option(
            names = "--numerics",
            paramLabel = "exact|fast",
            description = "exact: the same bits on every backend; fast: as the backend's library does it (default: the"
                    + " backend's choice).")
    private @Nullable Numerics numerics;

    @Option(
            names = "--tf32",
            fallbackValue = "true",
            description =
                    "Let the tensor cores of the backend cuda round the operands of products to 10 bits: faster on"
                            + " GPUs since 2020, less exact, and noted in run.json.")
    private boolean tf32;

    /** Looks for backends. */
    public BackendCatalogue catalogue() {
        return PluginFolder.catalogue(folder());
    }

    /** Looks for backends, and warns of those that cannot be used. */
    public BackendCatalogue catalogue(Session session) {
        BackendCatalogue catalogue = catalogue();
        for (Rejection rejection : catalogue.rejections()) {
            session.warning(rejection.origin() + " is left out. " + rejection.reason());
        }
        return catalogue;
    }

    /** The folder of plug-ins, which need not exist unless it was named. */
    public Path folder() {
        if (plugins == null) {
            return Path.of(System.getProperty("bpnn.home", ""), "plugins");
        }
        if (!Files.isDirectory(plugins)) {
            throw new UsageException("--plugins is " + plugins + ", but that is not a folder.");
        }
        return plugins;
    }

    /** Refuses what cannot be, before anything is loaded. */
    public void check() {
        if (threads != null) {
            Range.within("--threads", threads, 1, MAX_THREADS);
        }
    }

    /** Opens a backend, and says which one it is. */
    public Backend open(Session session, Selection selection) {
        return open(session, selection, OptionalInt.empty());
    }

    /** Likewise, on a GPU with a number if it computes on GPUs. */
    public Backend open(Session session, Selection selection, OptionalInt gpu) {
        announce(session, selection);
        BackendConfig config = config(selection);
        Map<String, String> settings = new TreeMap<>(config.options());
        if (gpu.isPresent() && selection.entry().id().equals(ON_GPUS)) {
            settings.put("bpnn." + ON_GPUS + ".device", String.valueOf(gpu.getAsInt()));
        }
        Backend backend = selection.open(new BackendConfig(config.numerics(), config.threads(), settings));
        if (!FloatingPoint.keepsSubnormals()) {
            session.warning("Since backend " + selection.entry().id() + " was opened, " + FloatingPoint.FAULT
                    + ". Results may differ in bits from those of other backends.");
        }
        return backend;
    }

    /** Opens a backend for exact arithmetic, whatever the options say. */
    public Backend openExact(Session session, Selection selection) {
        announce(session, selection);
        BackendConfig config = config(selection);
        return selection.open(new BackendConfig(Optional.of(Numerics.EXACT), config.threads(), config.options()));
    }

    /** Opens one of several backends that share the processor. */
    public Backend openShare(Selection selection, int share) {
        BackendConfig config = config(selection);
        return selection.open(new BackendConfig(config.numerics(), share, config.options()));
    }

    /** Threads to compute with, all backends together. */
    public int threads() {
        return threads(Runtime.getRuntime().availableProcessors());
    }

    /** Threads to compute with, if the options do not say it. */
    public int threads(int fallback) {
        return threads == null ? fallback : threads;
    }

    /** Says which backend was chosen. */
    public void announce(Session session, Selection selection) {
        session.notice(selection.explanation());
        String notice = selection.availability().notice();
        if (notice != null) {
            session.notice(notice);
        }
    }

    /** How a backend is to be opened. */
    public BackendConfig config(Selection selection) {
        String id = selection.entry().id();
        Map<String, String> settings = settings(id, System.getProperties());
        if (tf32) {
            if (!id.equals(ON_GPUS)) {
                throw new UsageException(
                        "--tf32 concerns the backend " + ON_GPUS + " alone, but the backend is " + id + ".");
            }
            settings.put("bpnn." + ON_GPUS + ".tf32", "true");
        }
        return new BackendConfig(Optional.ofNullable(numerics), threads == null ? 0 : threads, settings);
    }

    /** The {@code -Dname=value} that concern a backend: those whose names begin with {@code bpnn.}, its id and a dot. */
    private static Map<String, String> settings(String id, Properties properties) {
        Map<String, String> settings = new TreeMap<>();
        for (String name : properties.stringPropertyNames()) {
            if (name.startsWith("bpnn." + id + ".")) {
                settings.put(name, properties.getProperty(name));
            }
        }
        return settings;
    }
}
