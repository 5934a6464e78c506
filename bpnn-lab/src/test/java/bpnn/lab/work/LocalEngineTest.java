package bpnn.lab.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class LocalEngineTest {
    private static final Computer COMPUTER = new Computer("cpu", "a processor", "exact");

    @TempDir
    Path folder;

    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final AtomicInteger open = new AtomicInteger();

    /** Counts handlers, and knows the one thread that may use it. */
    private class Handler implements WorkHandler {
        private final Thread owner = Thread.currentThread();

        Handler() {
            open.incrementAndGet();
            threads.add(owner);
        }

        @Override
        public Optional<WorkOutcome> carryOut(WorkItem item, Path place) {
            assertThat(Thread.currentThread()).isSameAs(owner);
            return Optional.of(WorkOutcome.done(item.content() + " in " + place.getFileName(), COMPUTER));
        }

        @Override
        public void requestStop() {}

        @Override
        public void close() {
            assertThat(Thread.currentThread()).isSameAs(owner);
            open.decrementAndGet();
        }
    }

    private static List<WorkItem> items(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new WorkItem("run-" + i, "content " + i))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void everyItemIsCarriedOutOnce(int parallel) {
        List<String> digests = new ArrayList<>();
        try (LocalEngine engine = new LocalEngine(parallel, Handler::new)) {
            assertThat(engine.run(
                            folder,
                            items(20),
                            result -> digests.add(result.outcome().digest())))
                    .isTrue();
        }

        assertThat(digests)
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 20)
                        .mapToObj(i -> "content " + i + " in run-" + i)
                        .toList());
        assertThat(open).hasValue(0);
        assertThat(threads.size()).isBetween(1, parallel);
    }

    @Test
    void withoutAFolderFilesAreThrownAway() {
        List<Path> places = new ArrayList<>();
        try (LocalEngine engine = new LocalEngine(1, () -> new Handler() {
            @Override
            public Optional<WorkOutcome> carryOut(WorkItem item, Path place) {
                places.add(place);
                assertThat(place.getParent()).exists();
                return super.carryOut(item, place);
            }
        })) {
            engine.run(null, items(2), result -> {});
        }

        assertThat(places)
                .hasSize(2)
                .allSatisfy(place -> assertThat(Files.exists(place.getParent())).isFalse());
    }

    @Test
    void aStopLeavesTheRest() {
        CountDownLatch stopped = new CountDownLatch(1);
        List<String> finished = new ArrayList<>();
        LocalEngine engine = new LocalEngine(1, () -> new Handler() {
            @Override
            public void requestStop() {
                stopped.countDown();
            }
        });

        boolean whole = engine.run(folder, items(5), result -> {
            finished.add(result.item().name());
            if (finished.size() == 2) {
                engine.requestStop();
            }
        });

        assertThat(whole).isFalse();
        assertThat(finished).containsExactly("run-0", "run-1");
        assertThat(stopped.getCount()).isZero();
    }

    /** The fault of one thread ends the others, and is passed on. */
    @Test
    void aFaultEndsAll() {
        try (LocalEngine engine = new LocalEngine(2, () -> new Handler() {
            @Override
            public Optional<WorkOutcome> carryOut(WorkItem item, Path place) {
                throw new IllegalStateException("broken");
            }
        })) {
            assertThatThrownBy(() -> engine.run(folder, items(5), result -> {}))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("broken");
        }
        assertThat(open).hasValue(0);
    }
}
