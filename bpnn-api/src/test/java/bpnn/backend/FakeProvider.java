package bpnn.backend;

import bpnn.spi.Availability;
import bpnn.spi.Backend;
import bpnn.spi.BackendConfig;
import bpnn.spi.BackendProvider;
import bpnn.spi.ReferenceBackend;
import java.util.Map;
import java.util.function.Supplier;

/** A provider with configurable answers. */
record FakeProvider(String id, int apiVersion, int priority, Supplier<Availability> answer, Supplier<Backend> opener)
        implements BackendProvider {

    static FakeProvider available(String id, int priority) {
        return new FakeProvider(
                id,
                API_VERSION,
                priority,
                () -> new Availability.Available("the " + id + " device", Map.of(), null),
                ReferenceBackend::new);
    }

    static FakeProvider unavailable(String id, int priority, String reason, String hint) {
        return new FakeProvider(
                id, API_VERSION, priority, () -> new Availability.Unavailable(reason, hint, null), () -> {
                    throw new AssertionError("opened although unavailable");
                });
    }

    FakeProvider withApiVersion(int version) {
        return new FakeProvider(id, version, priority, answer, opener);
    }

    FakeProvider withProbe(Supplier<Availability> probe) {
        return new FakeProvider(id, apiVersion, priority, probe, opener);
    }

    FakeProvider withOpener(Supplier<Backend> open) {
        return new FakeProvider(id, apiVersion, priority, answer, open);
    }

    @Override
    public Availability probe() {
        return answer.get();
    }

    @Override
    public Backend open(BackendConfig config) {
        return opener.get();
    }
}
