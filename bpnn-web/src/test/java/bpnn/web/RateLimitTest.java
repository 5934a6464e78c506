package bpnn.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RateLimitTest {
    private long now;
    private final RateLimit limit = new RateLimit(10, 3, () -> now);

    @Test
    void afterABurstRequestsAreServedAtTheSteadyRate() {
        assertThat(limit.permits("a")).isTrue();
        assertThat(limit.permits("a")).isTrue();
        assertThat(limit.permits("a")).isTrue();
        assertThat(limit.permits("a")).isFalse();
        now += 99_000_000;
        assertThat(limit.permits("a")).isFalse();
        now += 2_000_000;
        assertThat(limit.permits("a")).isTrue();
        assertThat(limit.permits("a")).isFalse();
    }

    @Test
    void clientsDoNotDisturbEachOther() {
        for (int i = 0; i < 10; i++) {
            limit.permits("a");
        }
        assertThat(limit.permits("b")).isTrue();
    }

    @Test
    void restingEarnsNoMoreThanABurst() {
        now += 3_600_000_000_000L;
        int served = 0;
        for (int i = 0; i < 10; i++) {
            served += limit.permits("a") ? 1 : 0;
        }
        assertThat(served).isEqualTo(3);
    }
}
