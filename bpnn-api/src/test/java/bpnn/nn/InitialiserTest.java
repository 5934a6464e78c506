package bpnn.nn;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class InitialiserTest {
    private static final int IN = 60;
    private static final int OUT = 40;

    /** A uniform distribution in ±limit has the variance limit² / 3. */
    private static void assertUniform(Initialiser initialiser, double limit) {
        float[] weights = initialiser.draw(IN, OUT, 3, 1);
        double sum = 0;
        double squares = 0;
        double greatest = 0;
        for (float weight : weights) {
            sum += weight;
            squares += (double) weight * weight;
            greatest = Math.max(greatest, Math.abs(weight));
        }
        assertThat(weights).hasSize(IN * OUT);
        assertThat(greatest).isBetween(0.99 * limit, limit);
        assertThat(sum / weights.length).isCloseTo(0, Offset.offset(0.05 * limit));
        assertThat(squares / weights.length).isCloseTo(limit * limit / 3, Offset.offset(0.02 * limit * limit));
    }

    @Test
    void weightsAreUniformWithinThePublishedLimits() {
        assertUniform(Initialiser.XAVIER, Math.sqrt(6.0 / (IN + OUT)));
        assertUniform(Initialiser.HE, Math.sqrt(6.0 / IN));
        assertThat(Initialiser.ZERO.draw(IN, OUT, 3, 1)).containsOnly(0f).hasSize(IN * OUT);
    }

    @Test
    void layersDrawDifferentWeights() {
        assertThat(Initialiser.HE.draw(IN, OUT, 3, 0)).isNotEqualTo(Initialiser.HE.draw(IN, OUT, 3, 1));
    }
}
