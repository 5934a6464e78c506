package bpnn.tck;

import bpnn.spi.Availability;
import bpnn.spi.Backend;
import bpnn.spi.BackendProvider;
import bpnn.spi.FloatingPoint;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The provider tells the truth, and memory is handled as it should be. */
final class LifecycleCases {
    private static final double PROBE_SECONDS = 5;

    private final Session session;

    LifecycleCases(Session session) {
        this.session = session;
    }

    List<ConformanceCase> cases() {
        return List.of(
                statement("probe", s -> probe(s.provider())),
                statement("open as asked", LifecycleCases::opened),
                statement("memory is zeroed and holds what it is given", MemoryChecks::memory),
                statement("double close", MemoryChecks::doubleClose),
                statement("foreign and closed tensors are refused", MemoryChecks::foreign),
                statement("no kernel leaks a buffer", MemoryChecks::leaks),
                statement("opening leaves subnormals alone", LifecycleCases::subnormals));
    }

    /** A check gives what is wrong, or null. */
    private ConformanceCase statement(String name, Function<Session, @Nullable String> check) {
        return new ConformanceCase(Group.LIFECYCLE, name, () -> {
            String fault = check.apply(session);
            return fault == null ? Findings.passed("as it should be") : Findings.failed(fault);
        });
    }

    private static @Nullable String probe(BackendProvider provider) {
        String id = provider.id();
        if (id.isBlank() || !id.equals(id.toLowerCase(Locale.ROOT))) {
            return "The id must be a name in lower case, but is '" + id + "'";
        }
        if (provider.apiVersion() != BackendProvider.API_VERSION) {
            return "It was built against version " + provider.apiVersion() + " of the SPI; this is version "
                    + BackendProvider.API_VERSION;
        }
        long start = System.nanoTime();
        Availability availability = provider.probe();
        double seconds = (System.nanoTime() - start) * 1e-9;
        if (availability instanceof Availability.Unavailable no) {
            return "It was opened, but its probe says that it cannot be: " + no.reason();
        }
        return seconds <= PROBE_SECONDS
                ? null
                : "The probe took " + seconds + " seconds; a program that only lists its backends waits for it";
    }

    private static @Nullable String opened(Session session) {
        Backend backend = session.backend();
        if (!backend.id().equals(session.provider().id())) {
            return "The backend's id is '" + backend.id() + "', its provider's '"
                    + session.provider().id() + "'";
        }
        if (session.config().numerics().stream().anyMatch(asked -> asked != backend.numerics())) {
            return "It was to be opened in " + session.config().numerics().get() + " mode, but is in "
                    + backend.numerics() + " mode; an arithmetic that it does not have is to be refused";
        }
        return backend.device().isBlank() ? "It does not say which device it computes on" : null;
    }

    /** A native library built with -ffast-math switches the thread that loads it to flush-to-zero. */
    private static @Nullable String subnormals(Session session) {
        return FloatingPoint.keepsSubnormals()
                ? null
                : "Since " + session.provider().id() + " was opened, " + FloatingPoint.FAULT;
    }
}
