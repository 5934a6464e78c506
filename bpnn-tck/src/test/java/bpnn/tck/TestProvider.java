package bpnn.tck;

import bpnn.spi.Availability;
import bpnn.spi.Backend;
import bpnn.spi.BackendConfig;
import bpnn.spi.BackendProvider;
import java.util.Map;
import java.util.function.Supplier;

/** The provider of a backend created by a test. */
record TestProvider(String id, Supplier<Backend> opener) implements BackendProvider {
    @Override
    public int apiVersion() {
        return API_VERSION;
    }

    @Override
    public int priority() {
        return 0;
    }

    @Override
    public Availability probe() {
        return new Availability.Available("plain Java", Map.of(), null);
    }

    @Override
    public Backend open(BackendConfig config) {
        return opener.get();
    }
}
