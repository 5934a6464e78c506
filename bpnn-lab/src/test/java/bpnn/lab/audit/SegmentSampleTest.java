package bpnn.lab.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SegmentSampleTest {
    @Test
    void segmentsAreDrawnOnceEach() {
        List<Integer> drawn = SegmentSample.draw(12, 100, 7);

        assertThat(drawn).hasSize(12).isSorted().doesNotHaveDuplicates().allMatch(i -> i >= 0 && i < 100);
        assertThat(SegmentSample.draw(12, 100, 7)).isEqualTo(drawn);
        assertThat(SegmentSample.draw(12, 100, 8)).isNotEqualTo(drawn);
        assertThat(SegmentSample.draw(12, 5, 7)).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void everySegmentIsDrawnByAndBy() {
        Set<Integer> seen = new HashSet<>();
        for (long seed = 0; seed < 200; seed++) {
            seen.addAll(SegmentSample.draw(3, 20, seed));
        }
        assertThat(seen).hasSize(20);
    }

    /** Against counting: of the C(20, 4) = 4845 samples, C(18, 4) = 3060 miss both of two forged segments. */
    @Test
    void theProbabilityIsHypergeometric() {
        assertThat(SegmentSample.probabilityOfNoticing(4, 20, 2)).isCloseTo(1 - 3060.0 / 4845, within(1e-12));
        assertThat(SegmentSample.probabilityOfNoticing(20, 20, 1)).isEqualTo(1);
        assertThat(SegmentSample.probabilityOfNoticing(12, 1_000_000, 100_000))
                .isCloseTo(1 - Math.pow(0.9, 12), within(1e-4));
    }

    @Test
    void aTenthIsAtLeastOne() {
        assertThat(SegmentSample.forged(3)).isEqualTo(1);
        assertThat(SegmentSample.forged(40)).isEqualTo(4);
    }
}
