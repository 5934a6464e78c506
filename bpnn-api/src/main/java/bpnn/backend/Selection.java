package bpnn.backend;

import bpnn.spi.Availability;
import bpnn.spi.Backend;
import bpnn.spi.BackendConfig;

/**
 * The chosen backend.
 *
 * @param entry the choice
 * @param availability the result of its probe
 * @param explanation what was chosen and why, as a sentence for the user
 */
public record Selection(BackendEntry entry, Availability.Available availability, String explanation) {

    /** Opens it; see {@link BackendEntry#open}. */
    public Backend open(BackendConfig config) {
        return entry.open(config);
    }
}
