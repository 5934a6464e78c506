package bpnn.backend;

import bpnn.spi.Availability;
import bpnn.spi.BackendProvider;

/**
 * A usable provider of the catalogue. Its id and priority are kept as they were when it was entered, so that a provider
 * which changes its mind confuses nobody.
 *
 * @param id the name by which it is chosen
 * @param priority its place under {@code auto}
 * @param origin where it was found, in words
 * @param provider the provider itself
 */
public record BackendEntry(String id, int priority, String origin, BackendProvider provider) {

    /** Whether it can be opened here; a probe that throws, against its contract, makes it unavailable. */
    public Availability probe() {
        try {
            return provider.probe();
        } catch (RuntimeException | LinkageError e) {
            return new Availability.Unavailable(
                    "Its probe failed with " + e + ".",
                    "This is a fault of the backend from " + origin + "; ask its author for a newer version.",
                    e);
        }
    }
}
