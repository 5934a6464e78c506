package bpnn.lab.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Intervals agree with the textbook, and say so when the data cannot tell. */
class SeedStatisticsTest {
    @Test
    void theIntervalOfAMeanIsStudents() {
        Interval interval = SeedStatistics.mean(1, 2, 3, 4, 5);
        assertThat(interval.mean()).isEqualTo(3);
        assertThat(interval.high() - 3).isCloseTo(2.7764 * Math.sqrt(2.5 / 5), offset(1e-9));
        assertThat(SeedStatistics.mean(7).isKnown()).isFalse();
    }

    @Test
    void theIntervalOfADifferenceIsWelchs() {
        Interval same = SeedStatistics.difference(new double[] {1, 2, 3}, new double[] {1, 2, 3});
        assertThat(same.mean()).isZero();
        assertThat(same.isNegative() || same.isPositive()).isFalse();
        Interval apart = SeedStatistics.difference(new double[] {1, 1.1, 0.9}, new double[] {2, 2.1, 1.9});
        assertThat(apart.isPositive()).isTrue();
        assertThat(apart.high() - apart.mean()).isCloseTo(2.7764 * Math.sqrt(2 * 0.01 / 3), offset(1e-9));
    }

    @Test
    void theBootstrapSeesALargeDifferenceAndNotANoisyOne() {
        int[] many = new int[100];
        int[] few = new int[10];
        for (int i = 0; i < many.length; i++) {
            many[i] = i;
        }
        for (int i = 0; i < few.length; i++) {
            few[i] = 200 + i;
        }
        TestBootstrap large = TestBootstrap.of(List.of(List.of(many, many, many), List.of(few, few, few)), 1000);
        assertThat(large.differences().get(1).mean()).isCloseTo(-0.09, offset(1e-12));
        assertThat(large.differences().get(1).isNegative()).isTrue();
        TestBootstrap noisy = TestBootstrap.of(List.of(List.of(many, few), List.of(few, many)), 1000);
        assertThat(noisy.differences().get(1).isNegative()
                        || noisy.differences().get(1).isPositive())
                .isFalse();
    }
}
