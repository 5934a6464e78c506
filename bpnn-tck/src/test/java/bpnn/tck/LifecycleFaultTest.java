package bpnn.tck;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.spi.Availability;
import bpnn.spi.Backend;
import bpnn.spi.BackendConfig;
import bpnn.spi.BackendProvider;
import bpnn.spi.Buffer;
import bpnn.spi.ElementType;
import bpnn.spi.Kernels;
import bpnn.spi.Matrix;
import bpnn.spi.Numerics;
import bpnn.spi.Reference;
import bpnn.spi.ReferenceBackend;
import bpnn.spi.Step;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Faults outside the arithmetic are caught as well, each in its own case. */
@Tag("once")
class LifecycleFaultTest {
    private static CaseResult result(BackendProvider provider, BackendConfig config, Group group, String name) {
        try (Conformance kit = Conformance.of(provider, config)) {
            return kit.cases().stream()
                    .filter(item -> item.group() == group && item.name().equals(name))
                    .findFirst()
                    .orElseThrow()
                    .run();
        }
    }

    private static void assertCaught(BackendProvider provider, Group group, String name, String sentence) {
        CaseResult result = result(provider, BackendConfig.defaults(), group, name);
        assertThat(result.failed()).isTrue();
        assertThat(result.findings().message()).contains(sentence);
    }

    @Test
    void uninitialisedMemory() {
        BackendProvider provider = new TestProvider("faulty", () -> new FaultyBackend(Numerics.FAST, Reference::new) {
            @Override
            public Buffer allocate(ElementType type, int length) {
                Buffer buffer = super.allocate(type, length);
                if (type == ElementType.FLOAT32 && length > 0) {
                    buffer.upload(length - 1, new float[] {1}, 0, 1);
                }
                return buffer;
            }
        });
        assertCaught(
                provider,
                Group.LIFECYCLE,
                "memory is zeroed and holds what it is given",
                "A fresh buffer of 1 FLOAT32 is not zeroed");
    }

    @Test
    void scratchNotClosedWithTheBackend() {
        BackendProvider provider = new TestProvider("faulty", () -> new FaultyBackend(Numerics.FAST, Reference::new) {
            @Override
            public void close() {}
        });
        assertCaught(provider, Group.LIFECYCLE, "double close", "its scratch is to be closed with it");
    }

    @Test
    void unrequestedNumerics() {
        BackendProvider provider = new TestProvider("reference", ReferenceBackend::new);
        BackendConfig fast = new BackendConfig(Optional.of(Numerics.FAST), 0, Map.of());
        CaseResult result = result(provider, fast, Group.LIFECYCLE, "open as asked");
        assertThat(result.findings().message()).contains("was to be opened in FAST mode, but is in EXACT mode");
    }

    @Test
    void wrongApiVersionOrProbe() {
        record Other(int apiVersion, Availability probe) implements BackendProvider {
            @Override
            public String id() {
                return "reference";
            }

            @Override
            public int priority() {
                return 0;
            }

            @Override
            public Backend open(BackendConfig config) {
                return new ReferenceBackend();
            }
        }
        Availability yes = new Availability.Available("plain Java", Map.of(), null);
        Availability no = new Availability.Unavailable("There is no device.", "Plug one in.", null);
        int version = BackendProvider.API_VERSION;
        assertCaught(new Other(version + 1, yes), Group.LIFECYCLE, "probe", "built against version " + (version + 1));
        assertCaught(new Other(version, no), Group.LIFECYCLE, "probe", "There is no device.");
    }

    @Test
    void recordedStepThatSkipsRuns() {
        BackendProvider provider = new TestProvider("faulty", () -> new FaultyBackend(Numerics.FAST, Reference::new) {
            @Override
            public Step record(Runnable step) {
                int[] runs = new int[1];
                return times -> {
                    for (int i = 0; i < times; i++) {
                        if (runs[0]++ != 4) {
                            step.run();
                        }
                    }
                };
            }
        });
        assertCaught(provider, Group.TRAINING, "a recorded step does the same", "the same steps, not recorded, give");
    }

    /** A backend that fuses what is recorded, and then computes something else. */
    @Test
    void recordedStepThatIsFusedWrongly() {
        boolean[] recorded = new boolean[1];
        Function<Backend, Kernels> kernels = backend -> new Reference(backend) {
            @Override
            public void trainingLoss(
                    Matrix logits, Matrix targets, Matrix losses, Matrix dlogits, Matrix clock, Matrix history) {
                super.trainingLoss(logits, targets, losses, dlogits, clock, history);
                if (recorded[0]) {
                    axpby(0.99f, dlogits, 0, dlogits);
                }
            }
        };
        for (Numerics numerics : Numerics.values()) {
            BackendProvider provider = new TestProvider("faulty", () -> new FaultyBackend(numerics, kernels) {
                @Override
                public Step record(Runnable step) {
                    return times -> {
                        recorded[0] = true;
                        for (int i = 0; i < times; i++) {
                            step.run();
                        }
                        recorded[0] = false;
                    };
                }
            });
            assertCaught(
                    provider,
                    Group.TRAINING,
                    "a trainer's step, recorded, does the same",
                    numerics == Numerics.FAST ? "bounds away" : "the same steps, not recorded, give");
        }
    }

    @Test
    void throwingKernel() {
        BackendProvider provider = new TestProvider(
                "faulty",
                () -> new FaultyBackend(Numerics.FAST, backend -> new Reference(backend) {
                    @Override
                    public void fill(Matrix y, float value) {
                        throw new IllegalStateException("out of order");
                    }
                }));
        assertCaught(provider, Group.PRIMITIVES, "fill", "It threw java.lang.IllegalStateException: out of order");
    }

    @Test
    void theReportListsItsFailures() {
        BackendProvider provider =
                new TestProvider("faulty", () -> new FaultyBackend(Numerics.FAST, FusedFault.ARGMAX_IS_THE_LAST));
        try (Conformance kit = Conformance.of(provider, BackendConfig.defaults())) {
            int[] heard = new int[1];
            ConformanceReport report = kit.run(result -> heard[0]++);
            assertThat(report.passed()).isFalse();
            assertThat(report.results()).hasSize(heard[0]).hasSize(kit.cases().size());
            assertThat(report.failures())
                    .extracting(failure -> failure.group() + " " + failure.name())
                    .containsExactly("FUSED argmax", "SPECIAL_VALUES argmax");
            assertThat(report.results()).isSortedAccordingTo((a, b) -> a.group().compareTo(b.group()));
            assertThat(report.seconds()).isPositive();
        }
    }
}
