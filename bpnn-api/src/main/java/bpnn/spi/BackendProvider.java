package bpnn.spi;

/**
 * The entry to a backend, found through {@link java.util.ServiceLoader}. Loading and probing it must be cheap and safe on
 * a machine where the backend cannot run: whatever may be missing is touched in {@link #open} at the earliest.
 */
public interface BackendProvider {
    /** The version of this SPI; a provider built against another one is reported and left out. */
    int API_VERSION = 2;

    /** The name by which a user chooses it, in lower case, such as {@code cpu}. */
    String id();

    /** The {@link #API_VERSION} it was compiled against: {@code return BackendProvider.API_VERSION;}. */
    int apiVersion();

    /** Its place when the user leaves the choice to the program: the highest available one wins; {@code cpu} has 100. */
    int priority();

    /** Whether it can run here. Never throws, never takes long. */
    Availability probe();

    /**
     * Opens it.
     *
     * @throws BackendException if it cannot be opened as configured
     */
    Backend open(BackendConfig config);
}
