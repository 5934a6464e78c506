package bpnn.lab.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bpnn.spi.BackendException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditedEngineTest {
    private static final Computer EXACT = new Computer("cpu", "a processor", "exact");
    private static final Computer FAST = new Computer("cpu", "a processor", "fast");

    @TempDir
    Path folder;

    private final List<String> notices = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final Map<String, WorkResult> results = new HashMap<>();

    private static String right(WorkItem item) {
        return "hash of " + item.name();
    }

    /** Workers that take turns, of which some answer with something else. */
    private static final class Cluster implements ClusterEngine {
        private final Map<String, Computer> workers = new HashMap<>();
        private final Set<String> wrong;
        private final List<String> carriedOut = new ArrayList<>();
        private int turn;

        Cluster(Set<String> wrong, String... names) {
            this.wrong = wrong;
            for (String name : names) {
                workers.put(name, EXACT);
            }
        }

        @Override
        public boolean run(@Nullable Path folder, List<WorkItem> items, Consumer<WorkResult> finished) {
            for (WorkItem item : items) {
                List<String> free = new ArrayList<>(new TreeSet<>(workers.keySet()));
                free.removeAll(item.avoided());
                if (free.isEmpty()) {
                    throw new BackendException("no worker");
                }
                String worker = free.get(turn++ % free.size());
                String digest = wrong.contains(worker) ? "wrong by " + worker : right(item);
                carriedOut.add(item.name() + " by " + worker);
                if (folder != null) {
                    write(folder.resolve(item.name()), digest);
                }
                finished.accept(
                        new WorkResult(item, WorkOutcome.done(digest, workers.getOrDefault(worker, EXACT)), worker));
            }
            return true;
        }

        private static void write(Path place, String digest) {
            try {
                Files.writeString(Files.createDirectories(place).resolve("digest"), digest);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public Set<String> workers() {
            return workers.keySet();
        }

        @Override
        public void requestStop() {}

        @Override
        public void close() {}
    }

    /** What this process computes. */
    private record Referee(boolean knows) implements WorkHandler {
        @Override
        public Optional<WorkOutcome> carryOut(WorkItem item, Path place) {
            return Optional.of(WorkOutcome.done(knows ? right(item) : "something else", EXACT));
        }

        @Override
        public void requestStop() {}

        @Override
        public void close() {}
    }

    private boolean run(Cluster cluster, double share, boolean refereeKnows) {
        List<WorkItem> items = IntStream.range(0, 20)
                .mapToObj(i -> new WorkItem("run-" + i, ""))
                .toList();
        try (WorkEngine engine = new DeviceWatch(
                new AuditedEngine(cluster, share, () -> new Referee(refereeKnows), notices::add, warnings::add),
                warnings::add)) {
            return engine.run(folder, items, result -> results.put(result.item().name(), result));
        }
    }

    @Test
    void rightWorkersAreBelieved() {
        Cluster cluster = new Cluster(Set.of(), "one", "two");

        assertThat(run(cluster, 0.25, true)).isTrue();

        assertThat(notices).containsExactly("Audit: 5 runs repeated, all with the same bits.");
        assertThat(warnings).isEmpty();
        assertThat(cluster.carriedOut).hasSize(25);
        // Each on the other one.
        assertThat(cluster.carriedOut.subList(20, 25)).doesNotContainAnyElementsOf(cluster.carriedOut.subList(0, 20));
    }

    @Test
    void aWrongWorkerIsNamedAndItsRunsAreRepeated() throws IOException {
        Cluster cluster = new Cluster(Set.of("three"), "one", "two", "three");

        assertThat(run(cluster, 0.5, true)).isTrue();

        assertThat(warnings).hasSize(1);
        assertThat(warnings.get(0))
                .startsWith("Worker three computes wrongly: for run-")
                .contains("wrong by three");
        assertThat(results.values()).hasSize(20).allSatisfy(result -> {
            assertThat(result.worker()).isNotEqualTo("three");
            assertThat(result.outcome().digest()).isEqualTo(right(result.item()));
            assertThat(folder.resolve(result.item().name()).resolve("digest")).hasContent(right(result.item()));
        });
    }

    /** With one wrong worker of two, the one that is left repeats everything, and its runs cannot be repeated elsewhere. */
    @Test
    void theOnlyRightWorkerIsLeft() {
        Cluster cluster = new Cluster(Set.of("two"), "one", "two");

        assertThat(run(cluster, 0.5, true)).isTrue();

        assertThat(results.values())
                .allSatisfy(result -> assertThat(result.worker()).isEqualTo("one"));
        assertThat(notices)
                .last()
                .asString()
                .contains("one repeated runs of its own, because there was no other worker");
    }

    @Test
    void whereNobodyAgreesNobodyIsBelieved() {
        Cluster cluster = new Cluster(Set.of("one", "two"), "one", "two");

        assertThatThrownBy(() -> run(cluster, 0.5, true))
                .isInstanceOf(BackendException.class)
                .hasMessageContaining("so that none can be trusted");
    }

    @Test
    void fastArithmeticIsComparedOnTheSameDeviceAlone() {
        Cluster cluster = new Cluster(Set.of("two"), "one", "two");
        cluster.workers.put("one", FAST);
        cluster.workers.put("two", new Computer("cpu", "another processor", "fast"));

        assertThat(run(cluster, 0.5, true)).isTrue();

        assertThat(warnings).hasSize(1);
        assertThat(warnings.get(0))
                .startsWith("Runs are computed in fast arithmetic on different devices (cpu (a processor, fast); cpu"
                        + " (another processor, fast))");
        assertThat(notices)
                .containsExactly(
                        "Audit: 10 runs repeated, all with the same bits; 10 of them cannot be compared, because"
                                + " fast arithmetic on different devices may differ.");
    }
}
