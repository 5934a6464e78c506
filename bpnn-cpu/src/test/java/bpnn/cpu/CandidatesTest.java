package bpnn.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.spi.Availability;
import bpnn.spi.Backend;
import bpnn.spi.BackendConfig;
import bpnn.spi.BackendProvider;
import bpnn.spi.Numerics;
import bpnn.tck.CaseResult;
import bpnn.tck.Conformance;
import bpnn.tck.ConformanceCase;
import bpnn.tck.Group;
import bpnn.tck.Verdict;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the conformance kit asks of products, of every candidate that the tuner may choose. */
class CandidatesTest {
    private static final int THREADS = 3;

    /** With the bits of the reference, a candidate has its accuracy, gradients and repeatability, too. */
    private static final Set<Group> GROUPS =
            EnumSet.of(Group.SENTINELS, Group.ALIASING, Group.SPECIAL_VALUES, Group.EXACTNESS);

    /** A backend that computes all products by one candidate. */
    private record FixedProvider(Arithmetic arithmetic, GemmCandidate candidate) implements BackendProvider {
        @Override
        public String id() {
            return CpuBackendProvider.ID;
        }

        @Override
        public int apiVersion() {
            return BackendProvider.API_VERSION;
        }

        @Override
        public int priority() {
            return 0;
        }

        @Override
        public Availability probe() {
            return new CpuBackendProvider().probe();
        }

        @Override
        public Backend open(BackendConfig config) {
            Numerics numerics = config.numerics().orElse(Numerics.EXACT);
            return new CpuBackend(numerics, config.threads(), arithmetic.with(GemmPlan.of(candidate)), null);
        }
    }

    static Stream<Named<BackendProvider>> providers() {
        Arithmetic arithmetic =
                VectorWidth.requested() == VectorWidth.SCALAR ? Arithmetic.scalar() : Arithmetic.vector();
        return arithmetic.gemms().stream()
                .map(candidate -> Named.of(candidate.name(), new FixedProvider(arithmetic, candidate)));
    }

    private static boolean multiplies(ConformanceCase item) {
        String name = item.name().toLowerCase(Locale.ROOT);
        return GROUPS.contains(item.group()) && (name.contains("gemm") || name.contains("dense"));
    }

    @ParameterizedTest
    @MethodSource("providers")
    void passesWhatTheConformanceKitAsksOfProducts(BackendProvider provider) {
        BackendConfig config = new BackendConfig(Optional.of(Numerics.EXACT), THREADS, Map.of());
        try (Conformance kit = Conformance.of(provider, config)) {
            List<CaseResult> results = kit.cases().stream()
                    .filter(CandidatesTest::multiplies)
                    .map(ConformanceCase::run)
                    .toList();
            assertThat(results).hasSizeGreaterThan(20);
            assertThat(results)
                    .allSatisfy(result -> assertThat(result.findings().verdict())
                            .as("%s: %s", result.name(), result.findings().message())
                            .isNotEqualTo(Verdict.FAILED));
        }
    }
}
