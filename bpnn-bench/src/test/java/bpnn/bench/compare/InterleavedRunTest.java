package bpnn.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bpnn.bench.FmaPeak;
import bpnn.bench.Variant;
import bpnn.bench.Workload;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("once")
class InterleavedRunTest {
    private static final Workload SMALL = new Workload(Variant.DROPOUT, 32, 1, 96, Workload.SYNTHETIC);

    @TempDir
    Path logs;

    @Test
    void contendersInProcessesOfTheirOwnTakeTurns() {
        Contender own = Contender.own(SMALL);
        Contender scalar = Contender.own(SMALL.withCount(48), "-Dbpnn.cpu.width=scalar");

        try (FmaPeak peak = new FmaPeak(1)) {
            InterleavedRun run = InterleavedRun.run(List.of(own, scalar), 2, peak, logs);

            assertThat(run.descriptions().get(0)).contains("bpnn on", "1 threads");
            assertThat(run.descriptions().get(1)).contains("scalar code");
            assertThat(run.seconds(0, 96).values()).hasSize(2).allMatch(seconds -> seconds > 0);
            assertThat(run.seconds(1, 96).values())
                    .isEqualTo(twice(run.seconds().get(1)));
            assertThat(run.allocatedByStep().least()).isPositive();
            assertThat(run.shareOfPeak().greatest()).isBetween(0.0, 100.0);
        }
    }

    private static List<Double> twice(List<Double> values) {
        return values.stream().map(value -> 2 * value).toList();
    }

    @Test
    void aContenderThatEndsIsReported() {
        Contender broken = new Contender("broken", 0, List.of("java", "-version"), Map.of(), SMALL, 1);

        assertThatThrownBy(() -> new ContenderProcess(broken, logs))
                .hasMessageStartingWith("broken has ended")
                .hasMessageContaining("broken.log");
    }
}
