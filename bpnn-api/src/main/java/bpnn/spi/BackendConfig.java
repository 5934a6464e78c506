package bpnn.spi;

import java.util.Map;
import java.util.Optional;

/**
 * How to open a backend.
 *
 * @param numerics the arithmetic wanted; empty for the backend's own default
 * @param threads threads to compute with where that applies; 0 for the backend's own choice
 * @param options further settings by name, as given by {@code -Dname=value}
 */
public record BackendConfig(Optional<Numerics> numerics, int threads, Map<String, String> options) {
    public BackendConfig {
        if (threads < 0) {
            throw new IllegalArgumentException("threads must not be negative, but is " + threads);
        }
        options = Map.copyOf(options);
    }

    /** The backend's own defaults. */
    public static BackendConfig defaults() {
        return new BackendConfig(Optional.empty(), 0, Map.of());
    }
}
