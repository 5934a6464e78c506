package bpnn.spi;

/**
 * The entry point of a backend, found through {@link java.util.ServiceLoader}. Loading and probing must be cheap and
 * safe on a machine where the backend cannot run: nothing that may be missing is touched before {@link #open}.
 */
public interface BackendProvider {
    /** The version of this SPI; a provider built against another version is reported and skipped. */
    int API_VERSION = 3;

    /** The name by which users select it, in lower case, such as {@code cpu}. */
    String id();

    /** The {@link #API_VERSION} it was compiled against: {@code return BackendProvider.API_VERSION;}. */
    int apiVersion();

    /**
     * Rank in automatic selection: the available backend with the highest priority wins; {@code cpu} has 100.
     */
    int priority();

    /** Whether it can run here. Fast, and never throws. */
    Availability probe();

    /**
     * Opens it.
     *
     * @throws BackendException if it cannot be opened as configured
     */
    Backend open(BackendConfig config);
}
