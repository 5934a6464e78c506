package bpnn.bench;

import bpnn.backend.BackendCatalogue;
import bpnn.spi.Backend;
import bpnn.spi.BackendConfig;
import java.util.Map;
import java.util.Optional;

/** The backends on the class path. */
public final class Backends {
    private Backends() {}

    /**
     * Opens one in its own arithmetic.
     *
     * @param id its id, or {@code auto}
     * @param threads threads to compute with; 0 for its own choice
     */
    public static Backend open(String id, int threads) {
        BackendConfig config = new BackendConfig(Optional.empty(), threads, Map.of());
        return BackendCatalogue.installed().select(id).open(config);
    }
}
