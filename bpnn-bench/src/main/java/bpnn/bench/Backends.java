package bpnn.bench;

import bpnn.backend.BackendCatalogue;
import bpnn.backend.FoundProvider;
import bpnn.spi.Backend;
import bpnn.spi.BackendConfig;
import bpnn.spi.BackendProvider;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;

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
        List<FoundProvider> found = ServiceLoader.load(BackendProvider.class).stream()
                .map(provider -> new FoundProvider(provider.get(), "the class path"))
                .toList();
        BackendConfig config = new BackendConfig(Optional.empty(), threads, Map.of());
        return BackendCatalogue.of(found, List.of()).select(id).open(config);
    }
}
