package bpnn.backend;

import bpnn.spi.Availability;
import bpnn.spi.Backend;
import bpnn.spi.BackendConfig;
import bpnn.spi.BackendException;
import bpnn.spi.BackendProvider;
import bpnn.spi.FloatingPoint;
import org.jspecify.annotations.Nullable;

/**
 * A usable provider of the catalogue, wrapped so that its faults become sentences. Id and priority are fixed at
 * registration, even if the provider's own answers change.
 *
 * @param id the name by which it is chosen
 * @param priority its rank under {@code auto}
 * @param origin where it was found, in words
 * @param provider the provider itself
 */
public record BackendEntry(String id, int priority, String origin, BackendProvider provider)
        implements BackendProvider {

    @Override
    public int apiVersion() {
        return provider.apiVersion();
    }

    /** Whether it can be opened here; a probe that breaks its contract makes it unavailable. */
    @Override
    public Availability probe() {
        try {
            IsolatedCall<Availability> probed = IsolatedCall.run("probe of " + id, provider::probe);
            if (!probed.keepsSubnormals()) {
                return faulty("Since its probe, " + FloatingPoint.FAULT + ".", null);
            }
            return probed.value() != null ? probed.value() : faulty("Its probe returned null.", null);
        } catch (RuntimeException | LinkageError | AssertionError e) {
            return faulty("Its probe failed with " + e + ".", e);
        }
    }

    private Availability faulty(String reason, @Nullable Throwable cause) {
        return new Availability.Unavailable(
                reason,
                "This is a fault of the backend from " + origin + "; ask its author for a newer version.",
                cause);
    }

    /**
     * Opens it.
     *
     * @throws BackendException if that fails, whatever the provider threw
     */
    @Override
    public Backend open(BackendConfig config) {
        Backend backend;
        try {
            backend = provider.open(config);
        } catch (BackendException e) {
            throw e;
        } catch (RuntimeException | LinkageError | AssertionError e) {
            throw new BackendException("Backend " + id + " from " + origin + " could not be opened: " + e + ".", e);
        }
        if (backend == null) {
            throw new BackendException("Backend " + id + " from " + origin
                    + " returned null when opened; ask its author for a newer version.");
        }
        return backend;
    }
}
