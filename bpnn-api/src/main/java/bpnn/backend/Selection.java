package bpnn.backend;

import bpnn.spi.Availability;
import bpnn.spi.Backend;
import bpnn.spi.BackendConfig;

/**
 * The backend that was chosen.
 *
 * @param entry the choice
 * @param availability what its probe found
 * @param explanation what was chosen and why, as a sentence for the user
 */
public record Selection(BackendEntry entry, Availability.Available availability, String explanation) {

    /** Opens it; see {@link BackendEntry#open}. */
    public Backend open(BackendConfig config) {
        return entry.open(config);
    }
}
