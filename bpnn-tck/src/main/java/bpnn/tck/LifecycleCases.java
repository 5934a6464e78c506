package bpnn.tck;

import bpnn.spi.Availability;
import bpnn.spi.Backend;
import bpnn.spi.BackendProvider;
import bpnn.spi.FloatingPoint;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The provider describes the backend correctly, and memory is managed correctly. */
final class LifecycleCases {
    private static final double PROBE_SECONDS = 5;

    private final Fixture fixture;

    LifecycleCases(Fixture fixture) {
        this.fixture = fixture;
    }

    List<ConformanceCase> cases() {
        return List.of(
                property("probe", s -> probe(s.provider())),
                property("open as asked", LifecycleCases::opened),
                property("memory is zeroed and holds what it is given", MemoryChecks::memory),
                property("double close", MemoryChecks::doubleClose),
                property("foreign and closed tensors are refused", MemoryChecks::foreign),
                property("no kernel leaks a buffer", MemoryChecks::leaks),
                property("opening leaves subnormals alone", LifecycleCases::subnormals));
    }

    /** A check returns the fault, or null. */
    private ConformanceCase property(String name, Function<Fixture, @Nullable String> check) {
        return new ConformanceCase(Group.LIFECYCLE, name, () -> {
            String fault = check.apply(fixture);
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

    private static @Nullable String opened(Fixture fixture) {
        Backend backend = fixture.backend();
        if (!backend.id().equals(fixture.provider().id())) {
            return "The backend's id is '" + backend.id() + "', its provider's '"
                    + fixture.provider().id() + "'";
        }
        if (fixture.config().numerics().stream().anyMatch(asked -> asked != backend.numerics())) {
            return "It was to be opened in " + fixture.config().numerics().get() + " mode, but is in "
                    + backend.numerics() + " mode; an arithmetic that it does not have is to be refused";
        }
        return backend.device().isBlank() ? "It does not say which device it computes on" : null;
    }

    /** A native library built with -ffast-math switches the thread that loads it to flush-to-zero. */
    private static @Nullable String subnormals(Fixture fixture) {
        return FloatingPoint.keepsSubnormals()
                ? null
                : "Since " + fixture.provider().id() + " was opened, " + FloatingPoint.FAULT;
    }
}
