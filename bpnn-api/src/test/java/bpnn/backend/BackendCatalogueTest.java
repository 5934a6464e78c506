package bpnn.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bpnn.spi.Availability;
import bpnn.spi.Backend;
import bpnn.spi.BackendConfig;
import bpnn.spi.BackendException;
import bpnn.spi.BackendProvider;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackendCatalogueTest {
    private static final BackendProvider CPU = FakeProvider.available("cpu", 100);
    private static final BackendProvider CUDA =
            FakeProvider.unavailable("cuda", 200, "No driver was found", "Install a driver of version 525 or newer");

    private static BackendCatalogue catalogue(BackendProvider... providers) {
        return BackendCatalogue.of(
                Arrays.stream(providers)
                        .map(p -> new FoundProvider(p, "the class path"))
                        .toList(),
                List.of());
    }

    @Test
    void autoSelectsTheHighestAvailablePriority() {
        Selection selection = catalogue(FakeProvider.available("slow", 1), CPU).select("auto");

        assertThat(selection.entry().id()).isEqualTo("cpu");
        assertThat(selection.explanation()).isEqualTo("Backend cpu chosen automatically: the cpu device.");
    }

    @Test
    void autoReportsSkippedBackends() {
        Selection selection = catalogue(CPU, CUDA).select("auto");

        assertThat(selection.entry().id()).isEqualTo("cpu");
        assertThat(selection.explanation())
                .endsWith("Backend cuda would come first, but is not available: No driver was found.");
    }

    @Test
    void anExplicitChoiceNeverFallsBack() {
        assertThatThrownBy(() -> catalogue(CPU, CUDA).select("cuda"))
                .isInstanceOf(BackendException.class)
                .hasMessage("Backend cuda is not available: No driver was found. Install a driver of version 525 or"
                        + " newer.");
    }

    @Test
    void anUnknownIdListsTheAlternatives() {
        BackendCatalogue catalogue = BackendCatalogue.of(
                List.of(new FoundProvider(CPU, "the class path"), new FoundProvider(CUDA, "the class path")),
                List.of(new Rejection("plugins/a.jar", "It is no jar.", null)));

        assertThatThrownBy(() -> catalogue.select("gpu"))
                .isInstanceOf(BackendException.class)
                .hasMessageContainingAll(
                        "no backend \"gpu\"",
                        "Available: cpu.",
                        "Not available is cuda: No driver was found. Install",
                        "Left out was plugins/a.jar: It is no jar.");
    }

    @Test
    void noAvailableBackendIsAnErrorWithAllReasons() {
        assertThatThrownBy(() -> catalogue(CUDA).select("auto"))
                .isInstanceOf(BackendException.class)
                .hasMessageContainingAll("No backend is available", "Available: none", "No driver was found");
    }

    @Test
    void aThrowingProbeMeansUnavailable() {
        BackendProvider broken = FakeProvider.available("broken", 300).withProbe(() -> {
            throw new NoClassDefFoundError("jcuda/Pointer");
        });

        assertThat(catalogue(broken).entries().get(0).probe())
                .isInstanceOfSatisfying(
                        Availability.Unavailable.class,
                        u -> assertThat(u.reason()).contains("jcuda/Pointer"));
        assertThat(catalogue(broken, CPU).select("auto").entry().id()).isEqualTo("cpu");
    }

    @Test
    void anotherApiVersionIsRejected() {
        int other = BackendProvider.API_VERSION + 6;
        BackendCatalogue catalogue = catalogue(FakeProvider.available("old", 1).withApiVersion(other));

        assertThat(catalogue.entries()).isEmpty();
        assertThat(catalogue.rejections())
                .singleElement()
                .satisfies(r -> assertThat(r.reason())
                        .contains("\"old\"", "version " + other, "version " + BackendProvider.API_VERSION));
    }

    @Test
    void theFirstOfTwoEqualIdsWins() {
        BackendProvider impostor = FakeProvider.available("cpu", 900);
        BackendCatalogue catalogue = BackendCatalogue.of(
                List.of(new FoundProvider(CPU, "the class path"), new FoundProvider(impostor, "plugins/b.jar")),
                List.of());

        assertThat(catalogue.entries())
                .singleElement()
                .satisfies(e -> assertThat(e.provider()).isSameAs(CPU));
        assertThat(catalogue.rejections()).singleElement().satisfies(r -> {
            assertThat(r.origin()).isEqualTo("plugins/b.jar");
            assertThat(r.reason()).contains("\"cpu\" already belongs to the backend from the class path");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "auto", "Cpu", "c pu", "9x"})
    void anInvalidIdIsRejected(String id) {
        BackendCatalogue catalogue = catalogue(FakeProvider.available(id, 1));

        assertThat(catalogue.entries()).isEmpty();
        assertThat(catalogue.rejections())
                .singleElement()
                .satisfies(r -> assertThat(r.reason()).contains("\"" + id + "\""));
    }

    @Test
    void aProviderWithoutIdentityIsRejected() {
        BackendProvider ancient = new BackendProvider() {
            @Override
            public String id() {
                return "ancient";
            }

            @Override
            public int apiVersion() {
                throw new AbstractMethodError("apiVersion");
            }

            @Override
            public int priority() {
                return 0;
            }

            @Override
            public Availability probe() {
                throw new IllegalStateException();
            }

            @Override
            public Backend open(BackendConfig config) {
                throw new IllegalStateException();
            }
        };

        assertThat(catalogue(ancient, CPU).entries())
                .extracting(BackendEntry::id)
                .containsExactly("cpu");
        assertThat(catalogue(ancient).rejections())
                .singleElement()
                .satisfies(r -> assertThat(r.reason()).contains("AbstractMethodError"));
    }

    @Test
    void theSelectionOpensTheBackend() {
        try (Backend backend = catalogue(CPU).select("cpu").open(BackendConfig.defaults())) {
            assertThat(backend.liveBuffers()).isZero();
        }
    }

    @Test
    void openFailuresBecomeSentences() {
        BackendProvider broken = FakeProvider.available("cpu", 100).withOpener(() -> {
            throw new UnsatisfiedLinkError("libfoo.so");
        });

        assertThatThrownBy(() -> catalogue(broken).select("cpu").open(BackendConfig.defaults()))
                .isInstanceOf(BackendException.class)
                .hasMessageContainingAll("Backend cpu from the class path could not be opened", "libfoo.so")
                .hasCauseInstanceOf(UnsatisfiedLinkError.class);
    }

    @Test
    void theCatalogueIsSortedByPreference() {
        assertThat(catalogue(CPU, FakeProvider.available("b", 7), FakeProvider.available("a", 7), CUDA)
                        .entries())
                .extracting(BackendEntry::id)
                .containsExactly("cuda", "cpu", "a", "b");
    }
}
