package bpnn.backend;

import bpnn.spi.Availability;
import bpnn.spi.Backend;
import bpnn.spi.BackendConfig;
import bpnn.spi.BackendException;

/**
 * The backend that was chosen.
 *
 * @param entry the choice
 * @param availability what its probe found
 * @param explanation what was chosen and why, as a sentence for the user
 */
public record Selection(BackendEntry entry, Availability.Available availability, String explanation) {

    /**
     * Opens it.
     *
     * @throws BackendException if that fails, whatever the provider threw
     */
    public Backend open(BackendConfig config) {
        try {
            return entry.provider().open(config);
        } catch (BackendException e) {
            throw e;
        } catch (RuntimeException | LinkageError e) {
            throw new BackendException(
                    "Backend " + entry.id() + " from " + entry.origin() + " could not be opened: " + e + ".", e);
        }
    }
}
