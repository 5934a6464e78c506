package bpnn.app;

import bpnn.spi.Availability;
import bpnn.spi.Backend;
import bpnn.spi.BackendConfig;
import bpnn.spi.BackendProvider;
import bpnn.spi.ReferenceBackend;
import java.util.Map;
import org.mockito.Mockito;

/** Backends for tests: one that computes, one that is not available, and one with a fault. */
public final class TestProviders {
    private TestProviders() {}

    /** The reference arithmetic, under the id {@code reference}. */
    public static final class Plain implements BackendProvider {
        @Override
        public String id() {
            return "reference";
        }

        @Override
        public int apiVersion() {
            return API_VERSION;
        }

        @Override
        public int priority() {
            return 1;
        }

        @Override
        public Availability probe() {
            return new Availability.Available("plain Java", Map.of("speed", "low"), "This one is slow.");
        }

        @Override
        public Backend open(BackendConfig config) {
            return new ReferenceBackend();
        }
    }

    /** Not available. */
    public static final class Missing implements BackendProvider {
        @Override
        public String id() {
            return "missing";
        }

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
            return new Availability.Unavailable("No such device was found.", "Buy one.", null);
        }

        @Override
        public Backend open(BackendConfig config) {
            throw new AssertionError("opened although unavailable");
        }
    }

    /** Opens a backend of which nothing is right, which fails in ways that nobody foresaw. */
    public static final class Faulty implements BackendProvider {
        @Override
        public String id() {
            return "faulty";
        }

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
            return new Availability.Available("a faulty device", Map.of(), null);
        }

        @Override
        public Backend open(BackendConfig config) {
            return Mockito.mock(Backend.class);
        }
    }
}
