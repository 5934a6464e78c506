package bpnn.spi;

import java.util.Map;
import java.util.Optional;

/**
 * The settings for opening a backend.
 *
 * @param numerics numerics; empty for the backend's default
 * @param threads number of compute threads, if applicable; 0 for the backend's default
 * @param options further settings by name, as given by {@code -Dname=value}
 */
public record BackendConfig(Optional<Numerics> numerics, int threads, Map<String, String> options) {
    public BackendConfig {
        if (threads < 0) {
            throw new IllegalArgumentException("threads must not be negative, but is " + threads);
        }
        options = Map.copyOf(options);
    }

    /** The backend's defaults. */
    public static BackendConfig defaults() {
        return new BackendConfig(Optional.empty(), 0, Map.of());
    }
}
