package bpnn.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class WorkerPoolTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5})
    void everyPartRunsOnce(int threads) {
        try (WorkerPool pool = new WorkerPool(threads)) {
            for (int round = 0; round < 2000; round++) {
                int parts = round % 8;
                AtomicIntegerArray runs = new AtomicIntegerArray(8);
                pool.run(parts, runs::incrementAndGet);
                for (int part = 0; part < 8; part++) {
                    assertThat(runs.get(part)).isEqualTo(part < parts ? 1 : 0);
                }
            }
        }
    }

    @Test
    void aPartAlwaysRunsOnTheSameThread() {
        try (WorkerPool pool = new WorkerPool(2)) {
            Set<Thread> first = ConcurrentHashMap.newKeySet();
            Set<Thread> second = ConcurrentHashMap.newKeySet();
            for (int round = 0; round < 100; round++) {
                pool.run(2, part -> (part == 0 ? first : second).add(Thread.currentThread()));
            }
            assertThat(first).containsExactly(Thread.currentThread());
            assertThat(second).hasSize(1).doesNotContain(Thread.currentThread());
        }
    }

    @Test
    void parkedWorkersAreWoken() throws InterruptedException {
        try (WorkerPool pool = new WorkerPool(2)) {
            AtomicIntegerArray runs = new AtomicIntegerArray(2);
            for (int round = 1; round <= 20; round++) {
                Thread.sleep(5);
                pool.run(2, part -> {
                    if (part == 1) {
                        sleep(3);
                    }
                    runs.incrementAndGet(part);
                });
                assertThat(runs.get(0)).isEqualTo(round);
                assertThat(runs.get(1)).isEqualTo(round);
            }
        }
    }

    private static void sleep(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aFailureReachesTheCallerAndThePoolStaysUsable() {
        try (WorkerPool pool = new WorkerPool(3)) {
            for (int failing = 0; failing < 3; failing++) {
                int failingPart = failing;
                assertThatThrownBy(() -> pool.run(3, part -> {
                            if (part == failingPart) {
                                throw new ArithmeticException("part " + part);
                            }
                        }))
                        .isInstanceOf(ArithmeticException.class)
                        .hasMessage("part " + failing);
            }
            assertThatThrownBy(() -> pool.run(3, part -> {
                        throw new AssertionError("part " + part);
                    }))
                    .isInstanceOf(AssertionError.class)
                    .hasMessage("part 0")
                    .satisfies(failure -> assertThat(failure.getSuppressed()).hasSize(2));
            AtomicIntegerArray runs = new AtomicIntegerArray(3);
            pool.run(3, runs::incrementAndGet);
            assertThat(runs).hasToString("[1, 1, 1]");
        }
    }

    @Test
    void closeEndsTheThreads() throws InterruptedException {
        WorkerPool pool = new WorkerPool(2);
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        pool.run(2, part -> threads.add(Thread.currentThread()));
        pool.close();
        pool.close();
        threads.remove(Thread.currentThread());
        assertThat(threads).hasSize(1);
        for (Thread thread : threads) {
            thread.join(10_000);
            assertThat(thread.isAlive()).isFalse();
        }
        assertThatThrownBy(() -> pool.run(1, part -> {})).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aPoolHasAtLeastOneThread() {
        assertThatThrownBy(() -> new WorkerPool(0)).hasMessageContaining("at least 1, but is 0");
    }
}
