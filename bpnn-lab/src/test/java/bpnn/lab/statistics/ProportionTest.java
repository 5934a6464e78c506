package bpnn.lab.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ProportionTest {
    /** R. G. Newcombe, Statistics in Medicine 17 (1998), table I: 81 of 263, 15 of 148, 0 of 20 and 1 of 29. */
    @Test
    void wilsonsIntervalHasThePublishedEnds() {
        assertInterval(new Proportion(81, 263), 0.2553, 0.3662);
        assertInterval(new Proportion(15, 148), 0.0624, 0.1605);
        assertInterval(new Proportion(0, 20), 0, 0.1611);
        assertInterval(new Proportion(1, 29), 0.0061, 0.1718);
    }

    private static void assertInterval(Proportion proportion, double low, double high) {
        Interval interval = proportion.interval();
        assertThat(interval.low()).isCloseTo(low, within(5e-5));
        assertThat(interval.high()).isCloseTo(high, within(5e-5));
        assertThat(interval.contains(interval.mean())).isTrue();
    }

    @Test
    void allSuccessesAreNotCertainty() {
        assertThat(new Proportion(20, 20).interval().low()).isCloseTo(1 - 0.1611, within(5e-5));
        assertThat(new Proportion(20, 20).interval().high()).isEqualTo(1);
    }

    @Test
    void sharesAgreeWithinEachOthersIntervals() {
        assertThat(new Proportion(9780, 10_000).agreesWith(new Proportion(9800, 10_000)))
                .isTrue();
        assertThat(new Proportion(9700, 10_000).agreesWith(new Proportion(9800, 10_000)))
                .isFalse();
    }
}
